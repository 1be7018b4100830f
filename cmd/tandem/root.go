package main

import (
	"log/slog"
	"os"

	"github.com/spf13/cobra"
)

// newRoot builds the command tree. Flags stand for what is chosen per call, the environment for what is secret or the
// same for a whole installation.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "tandem",
		Short: "Keep WooCommerce stores and an ERP in step",
		Long: `Tandem reads products, customers, orders, stock and everything around them out of WooCommerce stores and lands them
in an ERP, exactly once and to the cent. Every piece of work runs durably on Temporal.

"tandem dev" shows it all on one machine with a demo store. The commands that look at or start work talk to a running
API: set TANDEM_URL (default http://127.0.0.1:8080) and, unless it is a development server, TANDEM_TOKEN.` + exitHelp,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddGroup(
		&cobra.Group{ID: "try", Title: "Try it:"},
		&cobra.Group{ID: "work", Title: "Work with stores:"},
		&cobra.Group{ID: "run", Title: "Run it in production:"},
	)
	for group, commands := range map[string][]*cobra.Command{
		"try": {newDev(), newSimulate(), newDemo()},
		"work": {
			jsonFlag(newInstance()), jsonFlag(newERPs()), jsonFlag(newSync()), jsonFlag(newPush()), jsonFlag(newPull()), jsonFlag(newSchedule()), jsonFlag(newStatus()), jsonFlag(newJobs()),
			jsonFlag(newLogs()), jsonFlag(newOperations()), jsonFlag(newOrders()), jsonFlag(newLinks()), jsonFlag(newSaleWorkflows()),
			jsonFlag(newWebhooks()), jsonFlag(newLedger()), jsonFlag(newStock()), jsonFlag(newReport()), jsonFlag(newMail()), jsonFlag(newWhy()),
		},
		"run": {
			newServe(), newAPI(), newWorker(), jsonFlag(newMigrate()), jsonFlag(newUser()), jsonFlag(newToken()), jsonFlag(newAudit()), jsonFlag(newRekey()), jsonFlag(newHealth()), jsonFlag(newVersion()),
		},
	} {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	return root
}

// newLogger writes JSON lines to stderr, for log collectors.
func newLogger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
}
