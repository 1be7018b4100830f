package entity

import (
	"context"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
)

// claim is a tax that may be in the ERP under the store's number already: mapped by hand, or landed before taxes were known
// by their rates.
type claim struct {
	tax    erp.Tax // its key only, when nothing more is known of it
	number string
	told   bool // its percentage is known
}

// adoptNumbered binds the keys of taxes that are not in the ERP yet to those it has under their numbers, where those have
// the same percentage. It gives the claims that are still not in the ERP.
func adoptNumbered(ctx context.Context, ec mapping.Context, claims []claim) ([]claim, error) {
	missing, err := unknownTaxes(ctx, ec, claims)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	keys := make([]erp.Key, len(missing))
	for i, c := range missing {
		keys[i] = numberKey(ec, c.number)
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(ids, func(id string) bool { return id != "" }) {
		return missing, nil
	}
	options, err := ec.Backend.Options(ctx)
	if err != nil {
		return nil, err
	}
	var rest []claim
	for i, c := range missing {
		if ids[i] == "" || c.told && !agrees(options.Taxes, ids[i], c.tax) {
			rest = append(rest, c)
			continue
		}
		if err := ec.Backend.Adopt(ctx, c.tax.Key, ids[i]); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// unknownTaxes gives the claims whose keys the ERP does not know.
func unknownTaxes(ctx context.Context, ec mapping.Context, claims []claim) ([]claim, error) {
	if len(claims) == 0 {
		return nil, nil
	}
	keys := make([]erp.Key, len(claims))
	for i, c := range claims {
		keys[i] = c.tax.Key
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	var missing []claim
	for i, c := range claims {
		if ids[i] == "" {
			missing = append(missing, c)
		}
	}
	return missing, nil
}

// agrees reports whether a tax of the ERP has the percentage of another. One that is no percentage, such as a group of
// taxes, was chosen by a person, who knows why.
func agrees(taxes []erp.Choice, id string, tax erp.Tax) bool {
	i := slices.IndexFunc(taxes, func(c erp.Choice) bool { return c.ID == id })
	if i < 0 {
		return false
	}
	percent, isPercent := strings.CutSuffix(taxes[i].Code, "%")
	return !isPercent || percent == tax.Rate.String()
}
