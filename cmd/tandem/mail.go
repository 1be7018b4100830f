package main

import (
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newMail() *cobra.Command {
	return remoteGroup("mail", "Say how reports and notices are sent by e-mail", newMailShow(), newMailSet(), newMailTest(), newMailDelete())
}

func newMailShow() *cobra.Command {
	return remoteCommand("show", "Show how mail is sent", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var s gen.MailSettings
		if err := remote().Get(c.Context(), "/mail-settings", nil, &s); err != nil {
			return err
		}
		return answer(c, s, func(w io.Writer) error {
			return printTable(w, []any{"HOST", "PORT", "SECURITY", "USERNAME", "SENDER", "NAME"},
				[][]any{{s.Host, s.Port, s.Security, orDash(s.Username), s.Sender, orDash(s.SenderName)}}, "")
		})
	})
}

func newMailSet() *cobra.Command {
	var in gen.MailSettingsInput
	c := remoteCommand("set", "Say how mail is sent", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		if in.Username != "" {
			var err error
			if in.Password, err = newSecrets(c).read("SMTP_PASSWORD", "password of the mail server"); err != nil {
				return err
			}
		}
		var s gen.MailSettings
		if err := remote().Put(c.Context(), "/mail-settings", in, &s); err != nil {
			return err
		}
		return told(c, s, "kept: %s:%d (%s); to try it: tandem mail test ADDRESS", s.Host, s.Port, s.Security)
	})
	c.Flags().StringVar(&in.Host, "host", "", "SMTP server (required)")
	c.Flags().IntVar(&in.Port, "port", 0, "by default 465 with tls, 587 with starttls, 25 with none")
	c.Flags().StringVar(&in.Security, "security", "tls", "tls, starttls (sends nothing where the server does not offer it), or none (for a relay without a password)")
	c.Flags().StringVar(&in.Username, "username", "", "for servers that ask for one")
	c.Flags().StringVar(&in.Sender, "sender", "", "the address that mail is from (required)")
	c.Flags().StringVar(&in.SenderName, "sender-name", "", "the name that mail is from")
	_ = c.MarkFlagRequired("host")
	_ = c.MarkFlagRequired("sender")
	completingFlag(c, "security", words("tls", "starttls", "none"))
	c.Long += `

Environment:
  SMTP_PASSWORD   the password of --username; without it it is read from standard input, so that it never stands in a
                  shell's history`
	c.Example = `  tandem mail set --host smtp.example.com --username tandem --sender tandem@example.com
  tandem mail test boss@example.com`
	return c
}

func newMailTest() *cobra.Command {
	return remoteCommand("test ADDRESS", "Send a test mail, and show what the mail server says", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var sent gen.TestMailSent
		if err := remote().Post(c.Context(), "/mail-settings/test", gen.TestMail{To: args[0]}, &sent); err != nil {
			return err
		}
		return told(c, sent, "sent; the mail server said: %s", sent.Answer)
	})
}

func newMailDelete() *cobra.Command {
	return remoteCommand("delete", "Send no mail any more", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		if err := remote().Delete(c.Context(), "/mail-settings", nil); err != nil {
			return err
		}
		return told(c, map[string]string{"deleted": "mail settings"}, "no mail is sent any more")
	})
}
