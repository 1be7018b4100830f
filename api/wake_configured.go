package api

import (
	"context"
	"slices"

	"tandem/db"
	"tandem/entity"
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
		{before.Order.Placeholder != after.Order.Placeholder, []string{"unknown_product", "not_in_store"}},
		{before.Order.RoundingLimit != after.Order.RoundingLimit, []string{"totals_differ"}},
		{before.Order.SalesTeam != after.Order.SalesTeam || before.Order.Salesperson != after.Order.Salesperson ||
			before.Payment.Term != after.Payment.Term, []string{"unknown_choice"}},
		{before.Tax != after.Tax, []string{"unknown_account"}},
		{before.Meta != after.Meta, []string{"unknown_field", "invalid_value"}},
	} {
		if change.made {
			codes = append(codes, change.solves...)
		}
	}
	return codes
}

// wakeConfigured lets the records go on that were parked for what a change of the configuration solves.
func (s *server) wakeConfigured(ctx context.Context, before, after instance.Instance) (woken int, operation string, err error) {
	codes := solvedBy(before.Config, after.Config)
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
	jobs, err := s.DB.WokenJobs(ctx, in.ID, entity.Importable(in), 1)
	if err != nil || len(jobs) == 0 {
		return "", err
	}
	op, err := s.start(ctx, recordWork(jobs[0], trigger))
	return op.ID, err
}
