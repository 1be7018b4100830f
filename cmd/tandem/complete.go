package main

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

// completeFor bounds the wait of a shell for an API that may be away.
const completeFor = 2 * time.Second

// suggestion gives the words a shell may complete an argument with.
type suggestion func(ctx context.Context) []string

// completing lets a command's arguments be completed, each by its own list; further ones by the last.
func completing(c *cobra.Command, lists ...suggestion) *cobra.Command {
	c.ValidArgsFunction = func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		return suggest(c, lists[min(len(args), len(lists)-1)])
	}
	return c
}

// completingFlag lets a flag's value be completed.
func completingFlag(c *cobra.Command, flag string, list suggestion) {
	_ = c.RegisterFlagCompletionFunc(flag, func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return suggest(c, list)
	})
}

func suggest(c *cobra.Command, list suggestion) ([]string, cobra.ShellCompDirective) {
	parent := c.Context()
	if parent == nil {
		parent = context.Background()
	}
	ctx, cancel := context.WithTimeout(parent, completeFor)
	defer cancel()
	return list(ctx), cobra.ShellCompDirectiveNoFileComp
}

// words is a suggestion that never changes.
func words(list ...string) suggestion { return func(context.Context) []string { return list } }

// listed suggests what a list of the API names.
func listed[Page any](path string, query url.Values, names func(Page) []string) suggestion {
	return func(ctx context.Context) []string {
		var page Page
		if remote().Get(ctx, path, query, &page) != nil {
			return nil
		}
		return names(page)
	}
}

// each names every item.
func each[Item any](items []Item, name func(Item) string) []string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = name(item)
	}
	return names
}

// What arguments are completed with.
var (
	instanceIDs = listed("/instances", nil, func(l gen.InstanceList) []string {
		return each(l.Items, func(in gen.Instance) string { return in.ID })
	})
	entityNames = listed("/entities", nil, func(l gen.EntityList) []string {
		return each(l.Items, func(e gen.Entity) string { return e.Name })
	})
	workflowIDs = listed("/sale-workflows", nil, func(l gen.SaleWorkflowList) []string {
		return each(l.Items, func(w gen.SaleWorkflow) string { return w.ID })
	})
	operationIDs = listed("/operations", nil, func(p gen.OperationPage) []string {
		return each(p.Items, func(op gen.Operation) string { return op.ID })
	})
	openJobs = listed("/jobs", url.Values{"state": {"parked"}}, func(p gen.JobPage) []string {
		return each(p.Items, func(j gen.Job) string { return strconv.FormatInt(j.ID, 10) })
	})
	scheduleKinds = words("order_import", "catalogue_import", "catalogue_export", "order_status_push", "price_push", "stock_push", "tracking_push", "daily_report", "weekly_report", "monthly_report")
)
