package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"tandem/api/gen"
	"tandem/fault"
)

const storeKeysHelp = `
  WOO_CONSUMER_KEY, WOO_CONSUMER_SECRET   the store's REST API keys; without them they are read from standard input,
                                          one per line, so that they never stand in a shell's history`

const erpSecretHelp = `
  ERP_SECRET                              the key of the ERP's API, where the ERP has one ("tandem erps"); read in the same way`

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
	return completing(c, instanceIDs)
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
	return completing(c, instanceIDs)
}

func putCredentials(c *cobra.Command, id, what string, keys any) error {
	if err := remote().Put(c.Context(), address("instances", id, what), keys, nil); err != nil {
		return err
	}
	return told(c, map[string]string{"id": id}, "kept, and in use within seconds; to test it: tandem instance connect %s", id)
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
	line, err := s.line()
	if err != nil || strings.TrimSpace(line) == "" {
		return "", fault.New(fault.Invalid, "the %s is missing: give it on standard input or as %s", name, variable)
	}
	return strings.TrimSpace(line), nil
}

// line reads one line. A terminal does not show what is typed: whoever looks over a shoulder, or at a recording, sees no key.
func (s secrets) line() (string, error) {
	if file, ok := s.command.InOrStdin().(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		typed, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(s.command.ErrOrStderr())
		return string(typed), err
	}
	s.lines.Scan()
	return s.lines.Text(), s.lines.Err()
}
