package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/instance"
)

// newInstanceSet changes what "instance add" was given. Only flags that are named change anything.
func newInstanceSet() *cobra.Command {
	var patch gen.InstancePatch
	connection := instance.DefaultConnection()
	var insecure bool
	c := remoteCommand("set ID", "Change a store's address and how it and the ERP are reached", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		connection.VerifySSL = !insecure
		change := patch
		var err error
		if change.Connection, err = named(c, connectionNames, connection); err != nil {
			return err
		}
		if change.ERPConnection, err = givenConnection(c); err != nil {
			return err
		}
		if err := askForMoved(c, &change); err != nil {
			return err
		}
		var in gen.Instance
		if err := remote().Patch(c.Context(), address("instances", args[0]), change, &in); err != nil {
			return err
		}
		return told(c, in, "%s is changed and is %s; to test it: tandem instance connect %s", in.ID, in.State, in.ID)
	})
	c.Long += `

Keys belong to the server they were made for: with --url or --erp-url they are asked for again, because those that are kept
are dropped when the address leads to another server.
` + storeKeysHelp + erpSecretHelp
	c.Example = `  tandem instance set myshop --insecure=false --rest-route
  tandem instance set myshop --url https://new.example.com`
	c.Flags().StringVar(&patch.StoreURL, "url", "", "another address of the store")
	c.Flags().StringVar(&patch.Name, "name", "", "another name for people")
	erpFlags(c)
	connectionFlags(c, &connection, &insecure)
	return completing(c, instanceIDs)
}

// connectionNames are what flags are called in the API.
var connectionNames = map[string]string{
	"insecure": "verify_ssl", "force-authorization": "force_authorization", "rest-route": "rest_route", "readers": "readers",
}

// named keeps of a value only the fields whose flags were given; nil when none was.
func named(c *cobra.Command, names map[string]string, value any) (json.RawMessage, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	all, given := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	for flag, name := range names {
		if c.Flags().Changed(flag) {
			given[name] = all[name]
		}
	}
	if len(given) == 0 {
		return nil, nil
	}
	return json.Marshal(given)
}

// askForMoved asks for the keys of an address that is given.
func askForMoved(c *cobra.Command, change *gen.InstancePatch) (err error) {
	keys := newSecrets(c)
	if change.StoreURL != "" {
		if change.ConsumerKey, change.ConsumerSecret, err = keys.store(); err != nil {
			return err
		}
	}
	if movesERP(c) {
		change.ERPSecret, err = keys.erp()
	}
	return err
}
