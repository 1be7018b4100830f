package wootest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Stored products are found by code through maps; seeded codes contain the index of their product, so finding one
// among 100,000 takes no index at all.

func (s *Server) enlist(p *product) {
	if p.SKU != "" {
		s.skus[string(p.SKU)] = p.ID
	}
	if p.GTIN != "" {
		s.gtins[string(p.GTIN)] = p.ID
	}
}

func (s *Server) delist(p *product) {
	if s.skus[string(p.SKU)] == p.ID {
		delete(s.skus, string(p.SKU))
	}
	if s.gtins[string(p.GTIN)] == p.ID {
		delete(s.gtins, string(p.GTIN))
	}
}

// bySKU gives the product or variation of that code outside the trash, or 0.
func (s *Server) bySKU(sku string) int {
	if id, known := s.skus[sku]; known {
		return id
	}
	id := s.plan.skuID(sku)
	if p := s.lookup(id); p != nil && string(p.SKU) == sku && p.Status != "trash" {
		return id
	}
	return 0
}

func (s *Server) byGTIN(gtin string) int {
	if id, known := s.gtins[gtin]; known {
		return id
	}
	id := s.plan.gtinID(gtin)
	if p := s.lookup(id); p != nil && string(p.GTIN) == gtin && p.Status != "trash" {
		return id
	}
	return 0
}

// checkSKU refuses a code another record has and proposes a free one.
func (s *Server) checkSKU(p *product) error {
	owner := s.bySKU(string(p.SKU))
	if p.SKU == "" || owner == 0 || owner == p.ID {
		return nil
	}
	free := 1
	for s.bySKU(fmt.Sprintf("%s-%d", p.SKU, free)) != 0 {
		free++
	}
	e := fail(http.StatusBadRequest, "product_invalid_sku", "Invalid or duplicated SKU.")
	e.data = map[string]any{"status": e.status, "resource_id": owner, "unique_sku": fmt.Sprintf("%s-%d", p.SKU, free)}
	return e
}

// checkTrashedSKU refuses to create a record with the code of one in the trash, without saying which. Ones that exist may
// take it.
func (s *Server) checkTrashedSKU(p *product) error {
	for _, records := range []*collection[product]{s.products, s.variations} {
		for _, other := range records.stored {
			if other != nil && other.Status == "trash" && p.SKU != "" && strings.EqualFold(string(other.SKU), string(p.SKU)) {
				return failf(http.StatusBadRequest, "woocommerce_rest_product_not_created",
					"The product with SKU (%s) you are trying to insert is already present in the lookup table", p.SKU)
			}
		}
	}
	return nil
}

func (s *Server) checkGTIN(p *product) error {
	owner := s.byGTIN(string(p.GTIN))
	if p.GTIN == "" || owner == 0 || owner == p.ID {
		return nil
	}
	e := fail(http.StatusBadRequest, "product_invalid_global_unique_id", "Invalid or duplicated GTIN, UPC, EAN or ISBN.")
	e.data = map[string]any{"status": e.status, "resource_id": owner}
	return e
}

// sku of the product at an index; variations append "-" and their number from 1.
func (p *productPlan) sku(index int) string {
	digits := strconv.Itoa(index + 1)
	return "SKU-" + strings.Repeat("0", max(0, 6-len(digits))) + digits
}

// skuID finds the only record that can have a seeded code; it may have been changed since.
func (p *productPlan) skuID(sku string) int {
	rest, seeded := strings.CutPrefix(sku, "SKU-")
	number, child, isChild := strings.Cut(rest, "-")
	n, err := strconv.Atoi(number)
	if !seeded || err != nil || n < 1 || n > p.count {
		return 0
	}
	if !isChild {
		return p.first + n - 1
	}
	k, err := strconv.Atoi(child)
	if err != nil || k < 1 || k > maxVariations || !p.variable.marked(n-1) {
		return 0
	}
	return p.variationID(p.variable.before(n-1), k-1)
}

// gtin makes the EAN-13 of a record: the in-store prefix 20, ten digits of the id, the check digit.
func gtin(id int) string {
	digits := fmt.Sprintf("20%010d", id)
	sum := 0
	for i := range len(digits) {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += int(digits[i]-'0') * weight
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

func (p *productPlan) gtinID(gtin string) int {
	if len(gtin) != 13 || !strings.HasPrefix(gtin, "20") {
		return 0
	}
	id, err := strconv.Atoi(gtin[2:12])
	if err != nil {
		return 0
	}
	return id
}
