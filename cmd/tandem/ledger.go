package main

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"tandem/fault"
)

func newLedger() *cobra.Command {
	c := remoteGroup("ledger", "Work in the built-in ERP", newLedgerProducts(), newLedgerPartners(), newLedgerTerms(), newLedgerCoupons(),
		newLedgerOrders(), newLedgerDeliveries(), newLedgerCreditNotes(), newLedgerStock())
	c.Long = `Work in the built-in ERP: its own products, customers, terms, orders and stock, whether or not a store has them. What is made or changed
here is written into a store by an export: tandem sync --direction export.` + remoteHelp
	return c
}

const ledgerFileHelp = `

A file holds one JSON object, as "show" prints it. Flags go before what it says.`

const ledgerPatchHelp = ledgerFileHelp + ` It is a merge patch: what is left out stays, null takes a value away, and a list is replaced as a
whole. With the "version" that was shown, the change is refused when somebody else, or an import, changed the record since.`

// ledgerKind is one kind of the ledger's records on the command line; V is the record as the API has it.
type ledgerKind[V any] struct {
	use       string // of the group, e.g. "products"
	one, many string
	under     string // what the records are below, e.g. "KIND"; "" for nothing
	head      []any
	row       func(V) []any
	// flags gives the command flags for fields, and what gives their values by the names that the API has for them. Show reads the
	// record that is changed; it is nil for a new one.
	flags    func(c *cobra.Command) func(show func() (V, error)) (map[string]any, error)
	words    suggestion // for what the records are below
	readOnly []string   // fields of records, besides id and version, that a new one does not take
}

func (k ledgerKind[V]) group(more ...*cobra.Command) *cobra.Command {
	c := remoteGroup(k.use, "Search, make and change "+k.many+" of the ledger", k.list(), k.show(), k.create(), k.edit())
	c.AddCommand(more...)
	return c
}

// usage names a command's arguments.
func (k ledgerKind[V]) usage(name string, id bool) (use string, args cobra.PositionalArgs) {
	words := []string{name}
	if k.under != "" {
		words = append(words, k.under)
	}
	if id {
		words = append(words, "ID")
	}
	return strings.Join(words, " "), cobra.ExactArgs(len(words) - 1)
}

func (k ledgerKind[V]) command(name string, id bool, short string, run func(c *cobra.Command, path string) error) *cobra.Command {
	use, args := k.usage(name, id)
	c := remoteCommand(use, short, args, func(c *cobra.Command, args []string) error {
		return run(c, address(append([]string{"ledger", k.use}, args...)...))
	})
	if k.words != nil {
		return completing(c, k.words, words())
	}
	return completing(c, words())
}

func (k ledgerKind[V]) list() *cobra.Command {
	var search, after string
	var limit int
	c := k.command("list", false, "List "+k.many+", newest first", func(c *cobra.Command, path string) error {
		var page struct {
			Items []V    `json:"items"`
			Next  string `json:"next,omitempty"`
		}
		if err := remote().Get(c.Context(), path, given("search", search, "after", after, "limit", strconv.Itoa(limit)), &page); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error {
			rows := make([][]any, len(page.Items))
			for i, item := range page.Items {
				rows[i] = k.row(item)
			}
			return printTable(w, k.head, rows, "no "+k.many+" found")
		})
	})
	c.Flags().StringVar(&search, "search", "", "only those with this in their name, or in what else they are known by, such as SKU or e-mail")
	c.Flags().StringVar(&after, "after", "", "only those that come after this one, by its id")
	limitFlag(c, &limit)
	return c
}

func (k ledgerKind[V]) show() *cobra.Command {
	return k.command("show", true, "Print "+k.one+" as JSON", func(c *cobra.Command, path string) error {
		var record V
		if err := remote().Get(c.Context(), path, nil, &record); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), record)
	})
}

func (k ledgerKind[V]) create() *cobra.Command {
	var file, key string
	var values func(func() (V, error)) (map[string]any, error)
	c := k.command("create", false, "Make "+k.one, func(c *cobra.Command, path string) error {
		said, err := values(nil)
		if err != nil {
			return err
		}
		body, err := withFile(c, file, said)
		if err != nil {
			return err
		}
		for _, name := range append([]string{"id", "version"}, k.readOnly...) {
			delete(body, name) // of the record that the file was made of
		}
		var made V
		if err := remote().PostOnce(c.Context(), cmp.Or(key, uuid.NewString()), path, body, &made); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), made)
	})
	c.Long += ledgerFileHelp
	fileFlag(c, &file)
	keyFlag(c, &key)
	values = k.flags(c)
	return c
}

func (k ledgerKind[V]) edit() *cobra.Command {
	var file string
	var values func(func() (V, error)) (map[string]any, error)
	c := k.command("edit", true, "Change "+k.one, func(c *cobra.Command, path string) error {
		said, err := values(func() (record V, err error) {
			return record, remote().Get(c.Context(), path, nil, &record)
		})
		if err != nil {
			return err
		}
		body, err := withFile(c, file, said)
		if err != nil {
			return err
		}
		var now V
		if err := remote().Patch(c.Context(), path, body, &now); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), now)
	})
	c.Long += ledgerPatchHelp
	fileFlag(c, &file)
	values = k.flags(c)
	return c
}

// keyFlag lets scripts repeat a command whose answer they lost.
func keyFlag(c *cobra.Command, key *string) {
	c.Flags().StringVar(key, "idempotency-key", "",
		"key of this request, of 8 characters or more: given again within 24 hours, it makes nothing new; a random one by default")
}

func fileFlag(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "file", "", `JSON file with the record or what changes of it, "-" for standard input`)
}

// withFile lays what flags say over what a file says.
func withFile(c *cobra.Command, file string, said map[string]any) (map[string]any, error) {
	body := map[string]any{}
	if file != "" {
		object, err := readObject(c, file)
		if err != nil {
			return nil, err
		}
		for name, value := range object {
			body[name] = value
		}
	}
	for name, value := range said {
		body[name] = value
	}
	if len(body) == 0 {
		return nil, fault.New(fault.Invalid, "say something with flags or with --file: tandem %s --help", strings.TrimPrefix(c.CommandPath(), "tandem "))
	}
	return body, nil
}

// textFlags registers a flag for each field that is a text, and gives the values of those that were given.
func textFlags(c *cobra.Command, fields ...[2]string) func() map[string]any {
	values := map[string]*string{}
	for _, field := range fields {
		values[field[0]] = c.Flags().String(strings.ReplaceAll(field[0], "_", "-"), "", field[1])
	}
	return func() map[string]any {
		said := map[string]any{}
		for name, value := range values {
			if c.Flags().Changed(strings.ReplaceAll(name, "_", "-")) {
				said[name] = *value
			}
		}
		return said
	}
}
