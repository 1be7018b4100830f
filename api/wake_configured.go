package api

import (
	"context"
	"slices"

	"tandem/db"
	"tandem/entity"
	"tandem/flow"
	"tandem/instance"
)

// solvedBy says which reasons for parking a change of the configuration may solve. What it does not solve parks again with
// its reason, so a code too many costs one attempt, and one too few leaves records waiting for a person.
func solvedBy(before, after instance.Config) []string {
	var codes []string
	for _, change := range []struct {
		made   bool
		solves []string
	}{
		{before.General.Currency != after.General.Currency || !slices.Equal(before.General.Currencies, after.General.Currencies),
			[]string{"unknown_currency", "unknown_price_list"}},
		{before.General.Warehouse != after.General.Warehouse, []string{"unknown_warehouse"}},
		{before.Order.Placeholder != after.Order.Placeholder, []string{
			"unknown_product", "not_in_store", "product_deleted", "product_trashed", "variation_gone", "unknown_placeholder", "product_gone"}},
		{before.Order.RoundingLimit != after.Order.RoundingLimit, []string{"totals_differ"}},
		{before.Order.ApplyEdits != after.Order.ApplyEdits, []string{"order_edited"}},
		{before.Order.SalesTeam != after.Order.SalesTeam, []string{"unknown_sales_team"}},
		{before.Order.Salesperson != after.Order.Salesperson, []string{"unknown_salesperson"}},
		{before.Payment.Term != after.Payment.Term, []string{"unknown_payment_term"}},
		{before.Tax.InvoiceAccount != after.Tax.InvoiceAccount || before.Tax.CreditNoteAccount != after.Tax.CreditNoteAccount, []string{"unknown_account"}},
		{before.Meta != after.Meta, solvedByMappings},
	} {
		if change.made {
			codes = append(codes, change.solves...)
		}
	}
	return codes
}

// solvedByMappings are the reasons that a change of a meta mapping may solve.
var solvedByMappings = []string{"unknown_field", "meta_conversion"}

// wakeConfigured lets the records go on that were parked for what a change of the configuration solves.
func (s *server) wakeConfigured(ctx context.Context, before, after instance.Instance) (woken int, operation string, err error) {
	return s.wakeCodes(ctx, after, solvedBy(before.Config, after.Config))
}

// wakeMapped does the same after a change of a meta mapping.
func (s *server) wakeMapped(ctx context.Context, id string) error {
	in, err := s.DB.Instance(ctx, id)
	if err != nil {
		return err
	}
	_, _, err = s.wakeCodes(ctx, in, solvedByMappings)
	return err
}

// wakeCodes lets an instance's records go on that are parked or failed for any of the reasons.
func (s *server) wakeCodes(ctx context.Context, after instance.Instance, codes []string) (woken int, operation string, err error) {
	if len(codes) == 0 {
		return 0, "", nil
	}
	woken, err = s.DB.WakeJobs(ctx, db.JobSelection{
		Instance: after.ID, States: []string{db.JobParked, db.JobFailed}, Codes: codes,
	})
	if err != nil || woken == 0 {
		return woken, "", err
	}
	operation, err = s.carryWoken(ctx, after, "wake")
	return woken, operation, err
}

// carryWoken starts an operation for an instance's woken records. The first of them begins it, and it takes the others
// along. What the instance does not take now goes on when it does: there is no operation then.
func (s *server) carryWoken(ctx context.Context, in instance.Instance, trigger string) (operation string, err error) {
	return s.carryWokenIn(ctx, flow.Import, in, trigger)
}

// carryWokenIn is carryWoken for the records of a direction.
func (s *server) carryWokenIn(ctx context.Context, d flow.Direction, in instance.Instance, trigger string) (operation string, err error) {
	jobs, err := s.DB.WokenJobs(ctx, d, in.ID, entity.Movable(d, in), 1)
	if err != nil || len(jobs) == 0 {
		return "", err
	}
	op, err := s.start(ctx, recordWork(jobs[0], trigger))
	return op.ID, err
}
