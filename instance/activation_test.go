package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

// complete is a configuration that may be activated.
func complete() instance.Config {
	c := instance.DefaultConfig()
	c.General.Warehouse, c.General.Currency = "WH", "EUR"
	c.Payment.Term = "immediate"
	c.Order.SalesTeam, c.Order.Salesperson = "web", "anna"
	c.Webhook.Topics = []string{"order.created"}
	return c
}

func TestMissingForActivation(t *testing.T) {
	require.Empty(t, instance.MissingForActivation(instance.Instance{Config: complete()}))
	for field, empty := range map[string]func(*instance.Config){
		"general.warehouse":      func(c *instance.Config) { c.General.Warehouse = "" },
		"general.currency":       func(c *instance.Config) { c.General.Currency = "" },
		"payment.term":           func(c *instance.Config) { c.Payment.Term = "" },
		"order.import_through":   func(c *instance.Config) { c.Order.ImportThrough = "" },
		"order.statuses":         func(c *instance.Config) { c.Order.Statuses = nil },
		"order.sales_team":       func(c *instance.Config) { c.Order.SalesTeam = "" },
		"order.salesperson":      func(c *instance.Config) { c.Order.Salesperson = "" },
		"order.customer_address": func(c *instance.Config) { c.Order.CustomerAddress = "" },
		"stock.field":            func(c *instance.Config) { c.Stock.Field = "" },
	} {
		c := complete()
		empty(&c)
		missing := instance.MissingForActivation(instance.Instance{Config: c})
		require.Len(t, missing, 1, field)
		require.Equal(t, fault.Invalid, missing[0].Kind)
		require.Equal(t, field, missing[0].Field)
		require.Contains(t, missing[0].Message, "choose")
	}
}

func TestMissingForActivationNamesAll(t *testing.T) {
	require.Len(t, instance.MissingForActivation(instance.Instance{}), 9)
	fresh := instance.MissingForActivation(instance.Instance{Config: instance.DefaultConfig()})
	require.Equal(t, []string{
		"general.warehouse", "general.currency", "payment.term", "order.sales_team", "order.salesperson",
	}, fields(t, instance.Problems(fresh)))
}
