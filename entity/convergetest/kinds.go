package convergetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"tandem/entity/mapping"
)

// Kind is a kind of record that is edited on both sides.
type Kind struct {
	Entity string
	Path   string  // of its list in the store
	Fields []Field // the first is what a record is named by
	// Variations is how many a record has.
	Variations int
	// Dated says that both sides tell when a record was changed.
	Dated bool
	// Trashes says that the store has a trash for it.
	Trashes bool
}

// Field is something that people edit on both sides, each with the same texts for its values.
type Field struct {
	Name string // as the store calls it; with a point where it is nested
	Of   int    // the variation that it is of, from 1; 0 for the record itself
	Part string // whose owner it has
	any  func(*rand.Rand) string
}

func (f Field) unit() unit { return unit{f.Part, f.Of} }

// categoriesField is the field whose values are the numbers of categories.
const categoriesField = "categories"

func named(r *rand.Rand) string { return "Name " + strconv.Itoa(r.IntN(1_000_000)) }

func described(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return ""
	}
	return "Text " + strconv.Itoa(r.IntN(1000))
}

func between(low, high int) func(*rand.Rand) string {
	return func(r *rand.Rand) string { return strconv.Itoa(low + r.IntN(high-low)) }
}

// reduced is a sale price, which is below all regular ones, or none.
func reduced(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d", 1+r.IntN(48), 1+r.IntN(9))
}

func oneOf(values ...string) func(*rand.Rand) string {
	return func(r *rand.Rand) string { return values[r.IntN(len(values))] }
}

func basic(name string, value func(*rand.Rand) string) Field {
	return Field{Name: name, Part: mapping.BasicPart, any: value}
}

// sold are the fields of what is sold.
func sold(of int) []Field {
	return []Field{
		{"regular_price", of, mapping.PricePart, between(50, 1000)}, {"sale_price", of, mapping.PricePart, reduced},
		{"weight", of, mapping.BasicPart, between(1, 9)}, {"manage_stock", of, mapping.StockPart, oneOf("true", "false")},
	}
}

func shown() []Field {
	return []Field{
		basic("name", named), basic("description", described), basic(categoriesField, nil),
		{"status", 0, mapping.StatusPart, oneOf("publish", "draft", "pending", "private")},
	}
}

// Kinds are those that are edited, in the order in which records name each other.
func Kinds() []*Kind {
	term := func(entity, path string) *Kind {
		return &Kind{Entity: entity, Path: path, Fields: []Field{basic("name", named), basic("description", described)}}
	}
	return []*Kind{
		term("category", "products/categories"), term("tag", "products/tags"), term("shipping_class", "products/shipping_classes"),
		{
			Entity: mapping.ProductName, Path: "products", Dated: true, Trashes: true, Fields: append(shown(), sold(0)...),
		},
		{
			Entity: mapping.ProductName, Path: "products", Dated: true, Variations: 2, Fields: append(append(shown(), sold(1)...), sold(2)...),
		},
		{Entity: mapping.CustomerName, Path: "customers", Dated: true, Fields: []Field{
			basic("first_name", named), basic("last_name", named), basic("billing.city", named), basic("billing.address_1", named), basic("shipping.city", named),
		}},
		{Entity: "coupon", Path: "coupons", Dated: true, Trashes: true, Fields: []Field{
			basic("description", described), basic("amount", between(1, 90)), basic("minimum_amount", between(1, 90)), basic("usage_limit", between(1, 90)),
		}},
	}
}

// Narrow gives kinds with those of their fields that an ERP has a place for, by entity. It tells no time of change.
func Narrow(kinds []*Kind, fields map[string][]string) []*Kind {
	var narrow []*Kind
	for _, kind := range kinds {
		some := *kind
		some.Dated, some.Fields = false, slices.DeleteFunc(slices.Clone(kind.Fields), func(f Field) bool { return !slices.Contains(fields[kind.Entity], f.Name) })
		if len(some.Fields) > 0 && kind.Variations == 0 {
			narrow = append(narrow, &some)
		}
	}
	return narrow
}
