package main

import (
	"cmp"
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newOrders() *cobra.Command {
	return remoteGroup("orders", "List and steer imported orders on their way through a sale workflow",
		newOrdersList(), newOrdersShow(),
		newOrderCommand("retry", "Try blocked orders again", "told to try again", "blocked"),
		newOrderCommand("pause", "Pause orders before their next step", "told to pause", "running"),
		newOrderCommand("resume", "Let paused orders go on", "told to go on", "paused"),
		newOrdersSkip(),
		newOrderCommand("cancel", "End the runs of orders; what the ERP holds stays", "told to stop", "blocked"))
}

func newOrdersList() *cobra.Command {
	var instance, state string
	var limit int
	c := remoteCommand("list", "List orders with the step they are at, newest first", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var page gen.OrderPage
		query := given("instance", instance, "state", state, "limit", strconv.Itoa(limit))
		if err := remote().Get(c.Context(), "/orders", query, &page); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error { return printOrders(w, page.Items) })
	})
	c.Flags().StringVar(&instance, "instance", "", "only of this store")
	c.Flags().StringVar(&state, "state", "", "only in this state: due, running, blocked, paused, done, cancelled")
	limitFlag(c, &limit)
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "state", words("due", "running", "blocked", "paused", "done", "cancelled"))
	return c
}

func printOrders(w io.Writer, orders []gen.Order) error {
	rows := make([][]any, len(orders))
	for i, o := range orders {
		rows[i] = []any{o.Instance, o.WooID, orDash(o.Number), orDash(strings.TrimSpace(o.Total + " " + o.Currency)), o.ERPID, o.State, orDash(o.Step), orDash(o.Code), o.Reason}
	}
	return printTable(w, []any{"INSTANCE", "ORDER", "NUMBER", "TOTAL", "IN THE ERP", "STATE", "STEP", "CODE", "REASON"}, rows, "no orders found")
}

func newOrdersShow() *cobra.Command {
	c := remoteCommand("show INSTANCE ORDER", "Show an order with its steps, amounts and imports and exports", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		var o gen.Order
		if err := remote().Get(c.Context(), address("orders", args[0], args[1]), nil, &o); err != nil {
			return err
		}
		return answer(c, o, func(w io.Writer) error { return printOrder(w, o) })
	})
	return completing(c, instanceIDs, words())
}

func printOrder(w io.Writer, o gen.Order) error {
	if err := printStage(w, o); err != nil {
		return err
	}
	if f := o.Figures; f != nil {
		if err := say(w, "in the ERP: %s %s, tax %s, left to pay %s, invoice %s", f.Total, f.Currency, f.Tax, f.Due, orDash(f.InvoiceNumber)); err != nil {
			return err
		}
		if err := printRefunds(w, *f); err != nil {
			return err
		}
	}
	for _, k := range o.Skipped {
		if err := say(w, "skipped: %s, by %s on %s: %s", k.Step, k.By, k.At.UTC().Format(atLayout), k.Reason); err != nil {
			return err
		}
	}
	if o.State != gen.OrderStateInERP {
		rows := make([][]any, len(o.Steps))
		for i, step := range o.Steps {
			rows[i] = []any{step.Name, step.State, step.At.UTC().Format(atLayout), milliseconds(step.DurationMS), cmp.Or(step.Error, step.After)}
		}
		if err := printTable(w, []any{"STEP", "STATE", "AT (UTC)", "TOOK", "RESULT"}, rows, "no step was tried yet"); err != nil {
			return err
		}
	}
	rows := make([][]any, len(o.History))
	for i, j := range o.History {
		rows[i] = []any{j.ID, j.Direction, cmp.Or(j.Outcome, string(j.State)), j.UpdatedAt.UTC().Format(atLayout), orDash(j.Code), j.Reason}
	}
	return printTable(w, []any{"JOB", "DIRECTION", "OUTCOME", "AT (UTC)", "CODE", "REASON"}, rows, "no import or export of it is kept any more")
}

// printStage says where an order is in its sale workflow, or that it has none, and what it is linked with.
func printStage(w io.Writer, o gen.Order) error {
	if o.State != gen.OrderStateInERP {
		return say(w, "order %s of %s is %s at %s %s", o.WooID, o.Instance, o.State, cmp.Or(o.Step, "the beginning"), o.Reason)
	}
	if err := say(w, "order %s of %s goes through no sale workflow: its steps are taken in the ERP", o.WooID, o.Instance); err != nil || o.Link == nil {
		return err
	}
	return say(w, "linked with %s of the ERP since %s, %s", o.Link.ERPID, o.Link.CreatedAt.UTC().Format(atLayout), o.Link.State)
}

// printRefunds says what was given back of an order.
func printRefunds(w io.Writer, f gen.OrderFigures) error {
	for _, r := range f.Refunds {
		state := "to be paid out"
		switch {
		case r.Reversed:
			state = "reversed"
		case r.PaidOut:
			state = "nothing left to pay out"
		}
		if err := say(w, "refund %s: %s %s, tax %s, credit note %s, %s", r.WooID, r.Total, f.Currency, r.Tax, r.CreditNote, state); err != nil {
			return err
		}
	}
	return nil
}

// orderPick is which orders a command is for: named ones, or all of a store in a state.
type orderPick struct {
	command, done, state, code, step string
	yes                              bool
}

func newOrderCommand(command, short, done, state string) *cobra.Command {
	p := orderPick{command: command, done: done}
	c := remoteCommand(command+" INSTANCE [ORDER...]", short, cobra.MinimumNArgs(1), func(c *cobra.Command, args []string) error {
		return p.run(c, args[0], args[1:])
	})
	c.Long += "\n\nWithout an order, all orders of the store in the state are meant; how many there are is said first."
	c.Flags().StringVar(&p.state, "state", state, "without an order: only those in this state")
	c.Flags().StringVar(&p.code, "code", "", "without an order: only those with this reason, e.g. no_stock")
	c.Flags().BoolVar(&p.yes, "yes", false, "do not ask")
	if command == "retry" {
		c.Flags().StringVar(&p.step, "step", "", "go on from this earlier step: validate, invoice, pay or ship")
	}
	return completing(c, instanceIDs, words())
}

func (p orderPick) run(c *cobra.Command, instance string, orders []string) error {
	if len(orders) == 0 && (p.command == "retry" || p.command == "cancel") {
		return p.bulk(c, instance)
	}
	if len(orders) == 0 {
		found, err := p.pick(c.Context(), instance)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return told(c, []string{}, "no orders found: nothing to %s", p.command)
		}
		if err := confirm(c, p.yes, p.command+" "+strconv.Itoa(len(found))+" orders of "+instance); err != nil {
			return err
		}
		orders = found
	}
	var body any
	if p.step != "" {
		body = map[string]string{"step": p.step}
	}
	answered := make([]gen.Order, len(orders))
	for i, id := range orders {
		if err := remote().Post(c.Context(), address("orders", instance, id, p.command), body, &answered[i]); err != nil {
			return err
		}
	}
	return told(c, answered, "%s of %s: %s", strings.Join(orders, ", "), instance, p.done)
}

// pick lists the orders before any of them is told anything, so that none is told twice.
func (p orderPick) pick(ctx context.Context, instance string) ([]string, error) {
	var found []string
	query := given("instance", instance, "state", p.state, "limit", strconv.Itoa(mostListed))
	for {
		var page gen.OrderPage
		if err := remote().Get(ctx, "/orders", query, &page); err != nil {
			return nil, err
		}
		for _, o := range page.Items {
			if p.code == "" || o.Code == p.code {
				found = append(found, o.WooID)
			}
		}
		if page.Next == "" {
			return found, nil
		}
		query.Set("after", page.Next)
	}
}
