package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// arguments are those of a statement. The text of a statement is made of constants only: what a request says is in its arguments.
type arguments []any

// add adds an argument and gives its place.
func (a *arguments) add(value any) string {
	*a = append(*a, value)
	return fmt.Sprintf("$%d", len(*a))
}

// ofGroups reports whether a filter picks some of the groups that sales fall into, by what it names.
func (f Filter) ofGroups() bool {
	named := len(f.Statuses) > 0 && !slices.Contains(f.Statuses, AnyStatus)
	return named || len(f.Currencies) > 0 || len(f.Countries) > 0 || len(f.Gateways) > 0
}

// ofSales gives the condition of a filter on sales, but for their instances, days and customers. The table has their columns.
func (f Filter) ofSales(table string, args *arguments) string {
	all := []string{"true"}
	switch {
	case slices.Contains(f.Statuses, AnyStatus):
	case len(f.Statuses) == 0:
		all = append(all, table+".status <> ALL ("+args.add(pq.Array(uncounted))+")")
	default:
		all = append(all, table+".status = ANY ("+args.add(pq.Array(f.Statuses))+")")
	}
	for _, c := range []struct {
		column string
		values []string
	}{{"currency", f.Currencies}, {"country", f.Countries}, {"gateway", f.Gateways}} {
		if len(c.values) > 0 {
			all = append(all, table+"."+c.column+" = ANY ("+args.add(pq.Array(c.values))+")")
		}
	}
	return strings.Join(all, " AND ")
}

// ofCustomers gives the condition of a filter on the customers of sales. The table has their columns.
func (f Filter) ofCustomers(table string, args *arguments) string {
	if len(f.Customers) == 0 {
		return "true"
	}
	return inInstances(table, table+".customer", f.Customers, args)
}

// ofItems gives the condition of a filter on what was sold: the table has the instance, the product and the variant, and p its category.
func (f Filter) ofItems(instances, table string, args *arguments) string {
	all := []string{"true"}
	for _, c := range []struct {
		column string
		values []string
	}{{table + ".product", f.Products}, {table + ".variant", f.Variants}, {"p.category", f.Categories}} {
		if len(c.values) > 0 {
			all = append(all, inInstances(instances, c.column, c.values, args))
		}
	}
	return strings.Join(all, " AND ")
}

// inInstances gives the condition of values that mean something within their instance only, which a table has. The empty value is that of
// sales, or lines, that have none.
func inInstances(table, column string, values []string, args *arguments) string {
	var instances, ids []string
	condition := ""
	for _, value := range values {
		if value == "" {
			condition = " OR coalesce(" + column + ", '') = ''"
			continue
		}
		instance, id, _ := strings.Cut(value, "/")
		instances, ids = append(instances, instance), append(ids, id)
	}
	return fmt.Sprintf("((%s.instance, %s) IN (SELECT * FROM unnest(%s::text[], %s::text[]))%s)",
		table, column, args.add(pq.Array(instances)), args.add(pq.Array(ids)), condition)
}
