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

const storeKeysHelp = `
  WOO_CONSUMER_KEY, WOO_CONSUMER_SECRET   the store's REST API keys; without them they are read from standard input,
                                          one per line, so that they never stand in a shell's history`

const erpSecretHelp = `
  ERP_SECRET                              the key of the ERP's API, where the ERP is not the ledger; read in the same way`

func newInstanceCredentials() *cobra.Command {
	c := remoteCommand("credentials ID", "Give a store new REST API keys", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var keys gen.Credentials
		var err error
		if keys.ConsumerKey, keys.ConsumerSecret, err = newSecrets(c).store(); err != nil {
			return err
		}
		return putCredentials(c, args[0], "credentials", keys)
	})
	c.Long += storeKeysHelp
	return c
}

func newInstanceERPCredentials() *cobra.Command {
	c := remoteCommand("erp-credentials ID", "Give the ERP's new API key", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var key gen.ERPCredentials
		var err error
		if key.Secret, err = newSecrets(c).erp(); err != nil {
			return err
		}
		return putCredentials(c, args[0], "erp-credentials", key)
	})
	c.Long += erpSecretHelp
	return c
}

func putCredentials(c *cobra.Command, id, what string, keys any) error {
	if err := remote().Put(c.Context(), "/instances/"+url.PathEscape(id)+"/"+what, keys, nil); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.OutOrStdout(), "kept; next: tandem instance connect %s, unless it is active: then it is in use already\n", id)
	return err
}

// secrets reads keys from the environment, or one per line from standard input.
type secrets struct {
	command *cobra.Command
	lines   *bufio.Scanner
}

func newSecrets(c *cobra.Command) secrets {
	return secrets{command: c, lines: bufio.NewScanner(c.InOrStdin())}
}

func (s secrets) store() (key, secret string, err error) {
	if key, err = s.read("WOO_CONSUMER_KEY", "consumer key"); err != nil {
		return "", "", err
	}
	secret, err = s.read("WOO_CONSUMER_SECRET", "consumer secret")
	return key, secret, err
}

func (s secrets) erp() (string, error) { return s.read("ERP_SECRET", "key of the ERP") }

func (s secrets) read(variable, name string) (string, error) {
	if value := os.Getenv(variable); value != "" {
		return value, nil
	}
	fmt.Fprintf(s.command.ErrOrStderr(), "%s: ", name)
	if !s.lines.Scan() || strings.TrimSpace(s.lines.Text()) == "" {
		return "", fault.New(fault.Invalid, "the %s is missing: give it on standard input or as %s", name, variable)
	}
	return strings.TrimSpace(s.lines.Text()), nil
}
