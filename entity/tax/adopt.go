package tax

import (
	"context"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
)

// Claim is a tax that may be in the ERP under the store's number already: mapped by hand, or landed before taxes were known
// by their rates.
type Claim struct {
	Tax    erp.Tax // its key only, when nothing more is known of it
	Number string
	Told   bool // its percentage is known
}

// AdoptNumbered binds the keys of taxes that are not in the ERP yet to those it has under their numbers, where those have
// the same percentage. It gives the claims that are still not in the ERP.
func AdoptNumbered(ctx context.Context, ec mapping.Context, claims []Claim) ([]Claim, error) {
	missing, err := unknownTaxes(ctx, ec, claims)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	keys := make([]erp.Key, len(missing))
	for i, c := range missing {
		keys[i] = NumberKey(ec, c.Number)
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
	var rest []Claim
	for i, c := range missing {
		if ids[i] == "" || c.Told && !agrees(options.Taxes, ids[i], c.Tax) {
			rest = append(rest, c)
			continue
		}
		if err := ec.Backend.Adopt(ctx, c.Tax.Key, ids[i]); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// unknownTaxes gives the claims whose keys the ERP does not know.
func unknownTaxes(ctx context.Context, ec mapping.Context, claims []Claim) ([]Claim, error) {
	if len(claims) == 0 {
		return nil, nil
	}
	keys := make([]erp.Key, len(claims))
	for i, c := range claims {
		keys[i] = c.Tax.Key
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	var missing []Claim
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
