package sales

import (
	"context"

	"tandem/entity/mapping"
	"tandem/entity/tax"
	"tandem/erp"
	"tandem/flow"
)

// landOrderTaxes makes sure that the ERP has the taxes of a page's orders. One that is not there under its rate is made
// of what the order says: the store's table may no longer have it, or have another under its number.
func landOrderTaxes(ctx context.Context, ec mapping.Context, attempts []*flow.Attempt[orderRecord, orderPlan]) error {
	missing, err := tax.AdoptNumbered(ctx, ec, claimsOf(attempts))
	if err != nil {
		return err
	}
	refused := map[erp.Key]erp.Outcome{}
	var fresh []erp.Tax
	for _, c := range missing {
		if c.Told {
			fresh = append(fresh, c.Tax)
			continue
		}
		refused[c.Tax.Key] = flow.Refusal(c.Tax.Key, untoldTax(ec, c))
	}
	outcomes, err := mapping.Upsert(ctx, ec, erp.Backend.UpsertTaxes, fresh)
	if err != nil {
		return err
	}
	for _, outcome := range outcomes {
		if !outcome.Landed() {
			outcome.Reason = "a tax of the order was refused: " + outcome.Reason
			refused[outcome.Key] = outcome
		}
	}
	refuseTaxed(attempts, refused)
	return nil
}

// claimsOf gives the taxes of orders, each once.
func claimsOf(attempts []*flow.Attempt[orderRecord, orderPlan]) []tax.Claim {
	var claims []tax.Claim
	seen := map[erp.Key]bool{}
	for _, a := range attempts {
		for _, c := range a.Value.taxes {
			if !a.Outcome.Refused() && !seen[c.Tax.Key] {
				seen[c.Tax.Key] = true
				claims = append(claims, c)
			}
		}
	}
	return claims
}

// untoldTax parks an order of which nobody knows at which rate it was taxed.
func untoldTax(ec mapping.Context, c tax.Claim) error {
	number := tax.NumberKey(ec, c.Number)
	err := mapping.Parked("unknown_tax", "the order does not state the percentage of its tax %s, which has not landed: import the taxes, or map %s to a tax of the ERP",
		c.Number, number)
	err.Waits = []string{number.String()}
	return err
}

// refuseTaxed refuses the orders with a tax that was refused.
func refuseTaxed(attempts []*flow.Attempt[orderRecord, orderPlan], refused map[erp.Key]erp.Outcome) {
	for _, a := range attempts {
		for _, c := range a.Value.taxes {
			if outcome, ok := refused[c.Tax.Key]; ok && !a.Outcome.Refused() {
				outcome.Key = a.Outcome.Key
				a.Settle(outcome)
			}
		}
	}
}
