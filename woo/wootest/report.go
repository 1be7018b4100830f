package wootest

import "net/http"

func (s *Server) routeReports() {
	for name, count := range map[string]func() []total{
		"orders": s.orderStatusTotals, "products": s.productTypeTotals,
		"customers": s.customerTotals, "coupons": s.couponTotals,
	} {
		s.router.at("reports/"+name+"/totals").on(http.MethodGet, func(*call) (*reply, error) {
			return jsonReply(http.StatusOK, count())
		})
	}
}

// total is one row of a totals report.
type total struct {
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	Total int    `json:"total"`
}

var statusNames = map[string]string{
	"pending": "Pending payment", "processing": "Processing", "on-hold": "On hold", "completed": "Completed",
	"cancelled": "Cancelled", "refunded": "Refunded", "failed": "Failed", "checkout-draft": "Draft",
}

func (s *Server) orderStatusTotals() []total {
	counts := map[string]int{}
	for h := range s.orders.heads {
		counts[h.status]++
	}
	var rows []total
	for _, status := range s.orderStatuses() {
		if status != "auto-draft" {
			rows = append(rows, total{Slug: status, Name: s.statusName(status), Total: counts[status]})
		}
	}
	return rows
}

// statusName is the label a status has in order notes and reports.
func (s *Server) statusName(status string) string {
	if name, known := statusNames[status]; known {
		return name
	}
	return status
}

func (s *Server) productTypeTotals() []total {
	counts := map[string]int{}
	for h := range s.products.heads {
		if h.status == "publish" {
			counts[s.productType(h.id)]++
		}
	}
	return []total{
		{"external", "External/Affiliate product", counts["external"]},
		{"grouped", "Grouped product", counts["grouped"]},
		{"simple", "Simple product", counts["simple"]},
		{"variable", "Variable product", counts["variable"]},
	}
}

func (s *Server) customerTotals() []total {
	paying := 0
	all := 0
	for c := range s.customers.records {
		all++
		if c.paying {
			paying++
		}
	}
	return []total{
		{"paying", "Paying customer", paying},
		{"non_paying", "Non-paying customer", all - paying},
	}
}

func (s *Server) couponTotals() []total {
	counts := map[string]int{}
	for c := range s.coupons.records {
		counts[string(c.DiscountType)]++
	}
	return []total{
		{"percent", "Percentage discount", counts["percent"]},
		{"fixed_cart", "Fixed cart discount", counts["fixed_cart"]},
		{"fixed_product", "Fixed product discount", counts["fixed_product"]},
	}
}
