package wootest

import (
	"cmp"
	"slices"
	"strings"
)

// taxTable finds the rates that apply to one delivery address, and keeps them per class for the order at hand.
type taxTable struct {
	rates []taxRate
	place address
	found [4]classRates // classes met so far; few orders have more than three
	n     int
}

type classRates struct {
	class string
	rates []taxRate
}

// of gives the rates of a class in order of priority, one per priority, as WooCommerce picks them.
func (t *taxTable) of(class string) []taxRate {
	if class == "" {
		class = standardClass
	}
	for i := range t.n {
		if t.found[i].class == class {
			return t.found[i].rates
		}
	}
	rates := t.match(class)
	if t.n < len(t.found) {
		t.found[t.n] = classRates{class, rates}
		t.n++
	}
	return rates
}

func (t *taxTable) match(class string) []taxRate {
	var matched []taxRate
	for _, r := range t.rates {
		if string(r.Class) == class && r.applies(&t.place) {
			matched = append(matched, r)
		}
	}
	if len(matched) < 2 {
		return matched
	}
	slices.SortStableFunc(matched, func(a, b taxRate) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.precision(), a.precision()), cmp.Compare(a.Order, b.Order))
	})
	return slices.CompactFunc(matched, func(a, b taxRate) bool { return a.Priority == b.Priority })
}

// precision ranks a rate by how closely it names the place.
func (r *taxRate) precision() int {
	n := 0
	for i, named := range []bool{len(r.Cities) > 0, len(r.Postcodes) > 0, r.State != "", r.Country != ""} {
		if named {
			n += 1 << i
		}
	}
	return n
}

func (r *taxRate) applies(place *address) bool {
	return (r.Country == "" || r.Country == place.Country) && (r.State == "" || r.State == place.State) &&
		namesPlace(r.Postcodes, string(place.Postcode)) && namesPlace(r.Cities, string(place.City))
}

// namesPlace tells whether a value is in a list; an empty list holds all, and "75*" all that begin so.
func namesPlace(values list[text], value string) bool {
	if len(values) == 0 {
		return true
	}
	return slices.ContainsFunc(values, func(v text) bool {
		if prefix, open := strings.CutSuffix(string(v), "*"); open {
			return strings.HasPrefix(strings.ToUpper(value), strings.ToUpper(prefix))
		}
		return strings.EqualFold(string(v), value)
	})
}

// tax gives what each rate takes of an amount ex tax, at six decimals. Compound rates come on top of all before them.
func tax(rates []taxRate, amount money, into []lineTax, add func(t *lineTax, part money)) []lineTax {
	var taken money
	for _, compound := range []boolean{false, true} {
		base := amount
		for i := range rates {
			r := &rates[i]
			if r.Compound != compound {
				continue
			}
			if compound {
				base = amount + taken
			}
			part := r.percent.of(base)
			taken += part
			var at int
			into, at = taxOf(into, r.ID)
			add(&into[at], part)
		}
	}
	return into
}

func addTotal(t *lineTax, part money)    { t.total += part }
func addSubtotal(t *lineTax, part money) { t.subtotal += part }

func sumTotal(taxes []lineTax) (sum money) {
	for _, t := range taxes {
		sum += t.total
	}
	return sum
}

// code names a rate the way tax lines do: country, state, name and priority.
func (r *taxRate) code() string {
	parts := []string{}
	for _, part := range []text{r.Country, r.State, r.Name} {
		if part != "" {
			parts = append(parts, strings.ToUpper(string(part)))
		}
	}
	return strings.Join(append(parts, identifier(max(1, int(r.Priority)))), "-")
}
