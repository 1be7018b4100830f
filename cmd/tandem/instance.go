package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/instance"
)

func newInstance() *cobra.Command {
	c := &cobra.Command{Use: "instance", Short: "Add, configure, connect and activate stores", Long: "Add, configure, connect and activate stores." + remoteHelp}
	c.AddCommand(newInstanceAdd(), newInstanceList(), newInstanceOptions(), newInstanceConfigure(), newInstanceCredentials(),
		newInstanceERPCredentials(), newInstanceConnect(), newInstanceActivate(), newInstanceDeactivate())
	return c
}

func newInstanceAdd() *cobra.Command {
	var in gen.NewInstance
	var way instance.ERPConnection
	var insecure, query bool
	c := remoteCommand("add ID", "Add a store", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in.ID = args[0]
		if in.Name == "" {
			in.Name = in.ID
		}
		var err error
		keys := newSecrets(c)
		if in.ConsumerKey, in.ConsumerSecret, err = keys.store(); err != nil {
			return err
		}
		if in.Backend != instance.Ledger {
			if in.ERPSecret, err = keys.erp(); err != nil {
				return err
			}
		}
		if way != (instance.ERPConnection{}) {
			if in.ERPConnection, err = json.Marshal(way); err != nil {
				return err
			}
		}
		in.Connection = []byte(fmt.Sprintf(`{"verify_ssl":%t,"force_authorization":%t}`, !insecure, query))
		var made gen.Instance
		if err := remote().Post(c.Context(), "/instances", in, &made); err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "added %s; next: tandem instance connect %s\n", made.ID, made.ID)
		return nil
	})
	c.Long += storeKeysHelp + erpSecretHelp
	c.Example = `  tandem instance add myshop --url https://shop.example.com
  tandem instance add myshop --url https://shop.example.com --backend odoo \
    --erp-url https://mycompany.odoo.com --erp-database mycompany --erp-login tandem@example.com`
	c.Flags().StringVar(&in.StoreURL, "url", "", "address of the store, sub-folder included (required)")
	c.Flags().StringVar(&in.Name, "name", "", "name for people; the id by default")
	c.Flags().StringVar(&in.Backend, "backend", instance.Ledger, "the ERP behind it: ledger or odoo")
	erpFlags(c, &way)
	c.Flags().BoolVar(&insecure, "insecure", false, "do not verify the store's certificate")
	c.Flags().BoolVar(&query, "force-authorization", false, "send the keys in the query string, for hosts that strip the Authorization header")
	_ = c.MarkFlagRequired("url")
	return c
}

func erpFlags(c *cobra.Command, way *instance.ERPConnection) {
	c.Flags().StringVar(&way.URL, "erp-url", "", "address of the Odoo")
	c.Flags().StringVar(&way.Database, "erp-database", "", "name of its database; on Odoo Online, the first part of the address")
	c.Flags().StringVar(&way.Login, "erp-login", "", "login of the user the key belongs to; needed up to Odoo 18")
	c.Flags().StringVar(&way.Protocol, "erp-protocol", "", "jsonrpc or json2; by default the best one the Odoo has")
	c.Flags().StringVar(&way.Language, "erp-language", "", "in which names are written, e.g. fr_FR; en_US by default")
}

func newInstanceList() *cobra.Command {
	var asJSON *bool
	c := remoteCommand("list", "List the stores", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var list gen.InstanceList
		if err := remote().Get(c.Context(), "/instances", nil, &list); err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), list.Items)
		}
		rows := make([]string, len(list.Items))
		for i, in := range list.Items {
			rows[i] = strings.Join([]string{in.ID, in.Name, string(in.State), in.Backend, in.StoreURL}, "\t")
		}
		return printTable(c.OutOrStdout(), "ID\tNAME\tSTATE\tBACKEND\tSTORE", rows, "no stores yet; add one with: tandem instance add")
	})
	asJSON = jsonFlag(c)
	return c
}

func newInstanceConnect() *cobra.Command {
	return remoteCommand("connect ID", "Try a store's keys and the ERP's, and say what was found", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in, err := moveInstance(c, args[0], "connect")
		if err != nil {
			return err
		}
		out := c.OutOrStdout()
		fmt.Fprintf(out, "%s is connected: WooCommerce %s, WordPress %s, %s, prices with tax: %t\n",
			in.ID, in.Store.WooCommerce, in.Store.WordPress, in.Store.Currency, in.Store.PricesIncludeTax)
		printERP(out, in.ERP)
		if len(in.Missing) > 0 {
			fmt.Fprintf(out, "before it can be activated, fill in: %s\n", strings.Join(in.Missing, ", "))
		}
		return nil
	})
}

// printERP says what ERP was found, and what to look after there.
func printERP(w io.Writer, found instance.ERPInfo) {
	fmt.Fprintf(w, "the ERP is %s %s, company %s\n", found.Name, found.Version, found.Company)
	for _, warning := range found.Warnings {
		fmt.Fprintln(w, "warning:", warning)
	}
}

func newInstanceActivate() *cobra.Command {
	return remoteCommand("activate ID", "Let a store's schedules run", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in, err := moveInstance(c, args[0], "activate")
		if err == nil {
			fmt.Fprintln(c.OutOrStdout(), in.ID, "is active")
		}
		return err
	})
}

func newInstanceDeactivate() *cobra.Command {
	return remoteCommand("deactivate ID", "Pause a store's schedules; nothing is dropped", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in, err := moveInstance(c, args[0], "deactivate")
		if err == nil {
			fmt.Fprintln(c.OutOrStdout(), in.ID, "is deactivated")
		}
		return err
	})
}

func moveInstance(c *cobra.Command, id, command string) (gen.Instance, error) {
	var in gen.Instance
	err := remote().Post(c.Context(), "/instances/"+url.PathEscape(id)+"/"+command, nil, &in)
	return in, err
}
