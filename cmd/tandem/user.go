package main

import (
	"bufio"
	"cmp"
	"io"
	"os"
	"os/user"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

func newUser() *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "Add, list, change and remove the users of the page"}
	c.AddCommand(newUserAdd(), newUserPassword(), newUserList(), newUserSet(), newUserRemove())
	return c
}

const passwordHelp = `
  TANDEM_PASSWORD     the password, 12 characters at least; without it one is made and printed`

// newUserAdd makes the first user: it writes to the database, because the API rejects every request without one.
func newUserAdd() *cobra.Command {
	var in db.NewUser
	c := &cobra.Command{
		Use: "add EMAIL", Short: "Add a user who may sign in on the page", Args: cobra.ExactArgs(1),
		Long: "Add a user who may sign in on the page. It writes straight to the database.\n" + databaseHelp + passwordHelp,
		RunE: func(c *cobra.Command, args []string) error {
			in.Email, in.Password = args[0], os.Getenv("TANDEM_PASSWORD")
			return withDatabase(c, func(d *db.DB) error {
				made, password, err := d.CreateUser(c.Context(), in)
				if err != nil {
					return err
				}
				if err := noteCommand(c, d, "/users/"+made.ID); err != nil {
					return err
				}
				reply := map[string]string{"id": made.ID, "email": made.Email, "role": made.Role}
				if in.Password != "" {
					return told(c, reply, "added %s as %s", made.Email, made.Role)
				}
				reply["password"] = password
				return told(c, reply, "added %s as %s; the password, shown this once only: %s", made.Email, made.Role, password)
			})
		},
	}
	c.Flags().StringVar(&in.Role, "role", db.ScopeViewer, "viewer reads, operator starts and retries work, admin configures")
	c.Flags().StringVar(&in.Name, "name", "", "shown where the user's work is listed; the e-mail address by default")
	return c
}

// newUserPassword helps an admin who cannot sign in any more.
func newUserPassword() *cobra.Command {
	return &cobra.Command{
		Use: "password EMAIL", Short: "Give a user a new password and end the user's sessions", Args: cobra.ExactArgs(1),
		Long: "Give a user a new password and end the user's sessions. It writes straight to the database.\n" + databaseHelp + passwordHelp,
		RunE: func(c *cobra.Command, args []string) error {
			return withDatabase(c, func(d *db.DB) error {
				found, err := d.UserByEmail(c.Context(), args[0])
				if err != nil {
					return err
				}
				given := os.Getenv("TANDEM_PASSWORD")
				password := cmp.Or(given, db.NewPassword())
				if _, err := d.UpdateUser(c.Context(), found.ID, db.UserChange{Password: &password}); err != nil {
					return err
				}
				if err := noteCommand(c, d, "/users/"+found.ID); err != nil {
					return err
				}
				if given != "" {
					return told(c, map[string]string{"id": found.ID}, "changed; all sessions of %s have ended", found.Email)
				}
				return told(c, map[string]string{"id": found.ID, "password": password}, "the new password, shown this once only: %s", password)
			})
		},
	}
}

// withDatabase does something with the database that the environment names.
func withDatabase(c *cobra.Command, do func(*db.DB) error) (err error) {
	d, err := openDatabase(c.Context())
	if err != nil {
		return err
	}
	defer func() {
		if closed := d.Close(); err == nil {
			err = closed
		}
	}()
	return do(d)
}

// noteCommand keeps in the audit trail that a command wrote to the database, and under which account of this machine.
func noteCommand(c *cobra.Command, d *db.DB, target string) error {
	account := "unknown"
	if found, err := user.Current(); err == nil {
		account = found.Username
	}
	return d.NoteAudit(c.Context(), db.AuditEntry{ActorKind: db.ActorCommand, Actor: account, Action: c.CommandPath(), Target: target})
}

func newUserList() *cobra.Command {
	return remoteCommand("list", "List the users", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var list gen.UserList
		if err := remote().Get(c.Context(), "/users", nil, &list); err != nil {
			return err
		}
		return answer(c, list.Items, func(w io.Writer) error {
			rows := make([][]any, len(list.Items))
			for i, u := range list.Items {
				state := "may sign in"
				if !u.DisabledAt.IsZero() {
					state = "disabled " + at(u.DisabledAt, "")
				}
				rows[i] = []any{u.ID, u.Email, u.Name, u.Role, at(u.LastSignInAt, "never"), state}
			}
			return printTable(w, []any{"ID", "E-MAIL", "NAME", "ROLE", "LAST SIGN-IN (UTC)", "STATE"}, rows, `no users; to add the first one: tandem user add EMAIL --role admin`)
		})
	})
}

func newUserSet() *cobra.Command {
	var name, role string
	var disable, enable, password bool
	c := remoteCommand("set ID", "Change a user's name, role or password, or whether the user may sign in", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		change := gen.UserChange{}
		if c.Flags().Changed("name") {
			change.Name = &name
		}
		if c.Flags().Changed("role") {
			scope := gen.Scope(role)
			change.Role = &scope
		}
		if disable || enable {
			change.Disabled = &disable
		}
		if password {
			given, err := secrets{command: c, lines: bufio.NewScanner(c.InOrStdin())}.read("TANDEM_PASSWORD", "new password")
			if err != nil {
				return err
			}
			change.Password = &given
		}
		if change == (gen.UserChange{}) {
			return fault.New(fault.Invalid, "nothing to change: give --name, --role, --password, --disable or --enable")
		}
		var changed gen.User
		if err := remote().Patch(c.Context(), address("users", args[0]), change, &changed); err != nil {
			return err
		}
		return told(c, changed, "%s is now %s", changed.Email, changed.Role)
	})
	c.Flags().StringVar(&name, "name", "", "shown where the user's work is listed")
	c.Flags().StringVar(&role, "role", "", "viewer, operator or admin")
	c.Flags().BoolVar(&password, "password", false, "read a new password from TANDEM_PASSWORD or standard input; the user's sessions end")
	c.Flags().BoolVar(&disable, "disable", false, "the user may not sign in any more; the user's sessions end")
	c.Flags().BoolVar(&enable, "enable", false, "the user may sign in again")
	c.MarkFlagsMutuallyExclusive("disable", "enable")
	return completing(c, userIDs)
}

func newUserRemove() *cobra.Command {
	c := remoteCommand("remove ID", "Remove a user and end the user's sessions", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		if err := remote().Delete(c.Context(), address("users", args[0]), nil); err != nil {
			return err
		}
		return told(c, map[string]string{"removed": args[0]}, "removed %s", args[0])
	})
	return completing(c, userIDs)
}

var userIDs = listed("/users", nil, func(l gen.UserList) []string {
	return each(l.Items, func(u gen.User) string { return u.ID })
})
