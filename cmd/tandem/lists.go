package main

import (
	"net/url"
	"strconv"

	"github.com/spf13/cobra"
)

// mostListed is what the API gives at most on one page.
const mostListed = 500

// listFlags are what lists of jobs and logs are filtered by.
type listFlags struct {
	instance, entity, state, wooID, operation string
	limit                                     int
}

func (f *listFlags) register(c *cobra.Command, stateFlag, stateHelp string, states ...string) {
	c.Flags().StringVar(&f.instance, "instance", "", "only of this store")
	c.Flags().StringVar(&f.entity, "entity", "", "only of this kind, e.g. order")
	c.Flags().StringVar(&f.state, stateFlag, "", stateHelp)
	c.Flags().StringVar(&f.wooID, "id", "", "only of this record, by the store's id")
	c.Flags().StringVar(&f.operation, "operation", "", "only of this operation")
	limitFlag(c, &f.limit)
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "entity", entityNames)
	completingFlag(c, "operation", operationIDs)
	completingFlag(c, stateFlag, words(states...))
}

func limitFlag(c *cobra.Command, limit *int) {
	c.Flags().IntVar(limit, "limit", 50, "how many, newest first, 1 to "+strconv.Itoa(mostListed))
}

func (f *listFlags) query(stateName string) url.Values {
	q := given("instance", f.instance, "entity", f.entity, stateName, f.state, "woo_id", f.wooID, "operation", f.operation)
	q.Set("limit", strconv.Itoa(f.limit))
	return q
}
