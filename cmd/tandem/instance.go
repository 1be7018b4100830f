package main

import (
	"bufio"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

func newInstance() *cobra.Command {
	c := &cobra.Command{Use: "instance", Short: "Add, configure, connect and activate stores", Long: "Add, configure, connect and activate stores." + remoteHelp}
	c.AddCommand(newInstanceAdd(), newInstanceList(), newInstanceOptions(), newInstanceConfigure(), newInstanceCredentials(),
		newInstanceConnect(), newInstanceActivate(), newInstanceDeactivate())
	return c
}

func newInstanceAdd() *cobra.Command {
	var in gen.NewInstance
	var insecure, query bool
	c := remoteCommand("add ID", "Add a store", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in.ID = args[0]
		if in.Name == "" {
			in.Name = in.ID
		}
		var err error
		if in.ConsumerKey, in.ConsumerSecret, err = readKeys(c); err != nil {
			return err
		}
		in.Connection = []byte(fmt.Sprintf(`{"verify_ssl":%t,"force_authorization":%t}`, !insecure, query))
		var made gen.Instance
		if err := remote().Post(c.Context(), "/instances", in, &made); err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "added %s; next: tandem instance connect %s\n", made.ID, made.ID)
		return nil
	})
	c.Long += `
  WOO_CONSUMER_KEY, WOO_CONSUMER_SECRET   the store's REST API keys; without them they are read from standard input,
                                          one per line, so that they never stand in a shell's history`
	c.Flags().StringVar(&in.StoreURL, "url", "", "address of the store, sub-folder included (required)")
	c.Flags().StringVar(&in.Name, "name", "", "name for people; the id by default")
	c.Flags().StringVar(&in.Backend, "backend", "ledger", "the ERP behind it")
	c.Flags().BoolVar(&insecure, "insecure", false, "do not verify the store's certificate")
	c.Flags().BoolVar(&query, "force-authorization", false, "send the keys in the query string, for hosts that strip the Authorization header")
	_ = c.MarkFlagRequired("url")
	return c
}

// readKeys takes the store's keys from the environment or from standard input.
func readKeys(c *cobra.Command) (key, secret string, err error) {
	key, secret = os.Getenv("WOO_CONSUMER_KEY"), os.Getenv("WOO_CONSUMER_SECRET")
	lines := bufio.NewScanner(c.InOrStdin())
	for _, want := range []struct {
		name string
		into *string
	}{{"consumer key", &key}, {"consumer secret", &secret}} {
		if *want.into != "" {
			continue
		}
		fmt.Fprintf(c.ErrOrStderr(), "%s: ", want.name)
		if !lines.Scan() || strings.TrimSpace(lines.Text()) == "" {
			return "", "", fault.New(fault.Invalid, "the %s is missing: give it on standard input or in the environment", want.name)
		}
		*want.into = strings.TrimSpace(lines.Text())
	}
	return key, secret, nil
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
	return remoteCommand("connect ID", "Try a store's keys and say what was found", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		in, err := moveInstance(c, args[0], "connect")
		if err != nil {
			return err
		}
		out := c.OutOrStdout()
		fmt.Fprintf(out, "%s is connected: WooCommerce %s, WordPress %s, %s, prices with tax: %t\n",
			in.ID, in.Store.WooCommerce, in.Store.WordPress, in.Store.Currency, in.Store.PricesIncludeTax)
		if len(in.Missing) > 0 {
			fmt.Fprintf(out, "before it can be activated, fill in: %s\n", strings.Join(in.Missing, ", "))
		}
		return nil
	})
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
