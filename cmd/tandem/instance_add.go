package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/erp/open"
	"tandem/fault"
	"tandem/instance"
)

func newInstanceAdd() *cobra.Command {
	var in gen.NewInstance
	connection := instance.DefaultConnection()
	var insecure bool
	c := remoteCommand("add ID", "Add a store", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in.ID = args[0]
		if in.Name == "" {
			in.Name = in.ID
		}
		if err := checkNewID(c, in.ID); err != nil {
			return err
		}
		if err := askKeys(c, &in); err != nil {
			return err
		}
		connection.VerifySSL = !insecure
		if err := encodeConnections(c, &in, connection); err != nil {
			return err
		}
		var made gen.Instance
		if err := remote().Post(c.Context(), "/instances", in, &made); err != nil {
			return err
		}
		return told(c, made, "added %s; next: tandem instance connect %s", made.ID, made.ID)
	})
	c.Long += storeKeysHelp + erpSecretHelp
	c.Example = `  tandem instance add myshop --url https://shop.example.com
  tandem instance add myshop --url https://shop.example.com --backend odoo \
    --erp-url https://mycompany.odoo.com --erp-database mycompany --erp-login tandem@example.com`
	c.Flags().StringVar(&in.StoreURL, "url", "", "address of the store, sub-folder included (required)")
	c.Flags().StringVar(&in.Name, "name", "", "name for people; the id by default")
	erps := open.Drivers().Names()
	c.Flags().StringVar(&in.Backend, "backend", erps[0], "the ERP behind it: "+strings.Join(erps, " or "))
	completingFlag(c, "backend", words(erps...))
	erpFlags(c)
	connectionFlags(c, &connection, &insecure)
	_ = c.MarkFlagRequired("url")
	return c
}

// checkNewID refuses an id before a person has typed keys for it.
func checkNewID(c *cobra.Command, id string) error {
	if !instance.ValidID(id) {
		return fault.Field("ID", "%q is not a valid id: use 1 to 32 of a–z, 0–9 and -, not beginning with -", id)
	}
	var list gen.InstanceList
	if err := remote().Get(c.Context(), "/instances", nil, &list); err != nil {
		return err
	}
	if slices.ContainsFunc(list.Items, func(in gen.Instance) bool { return in.ID == id }) {
		return fault.New(fault.Conflict, "there is an instance %q already: choose another id", id)
	}
	return nil
}

func askKeys(c *cobra.Command, in *gen.NewInstance) (err error) {
	keys := newSecrets(c)
	if in.ConsumerKey, in.ConsumerSecret, err = keys.store(); err != nil || !open.Drivers().NeedsSecret(in.Backend) {
		return err
	}
	in.ERPSecret, err = keys.erp()
	return err
}

// encodeConnections writes how store and ERP are reached.
func encodeConnections(c *cobra.Command, in *gen.NewInstance, store instance.Connection) (err error) {
	if in.Connection, err = json.Marshal(store); err != nil {
		return err
	}
	in.ERPConnection, err = givenConnection(c)
	return err
}

// connectionFlags are how the store is reached.
func connectionFlags(c *cobra.Command, to *instance.Connection, insecure *bool) {
	c.Flags().BoolVar(insecure, "insecure", false, "do not verify the store's certificate")
	c.Flags().BoolVar(&to.ForceQuery, "force-authorization", false, "send the keys in the query string, for hosts that strip the Authorization header")
	c.Flags().BoolVar(&to.RestRoute, "rest-route", false, "the store has plain permalinks: ask ?rest_route=")
	c.Flags().IntVar(&to.Readers, "readers", to.Readers, "requests to the store at once, 1 to 8")
}
