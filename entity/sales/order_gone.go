package sales

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// Why a line's product cannot be imported: the codes of orders that are parked for it.
const (
	productDeleted  = "product_deleted"
	productTrashed  = "product_trashed"
	variationGone   = "variation_gone"
	placeholderGone = "unknown_placeholder"
)

// goneLine is a line of goods that the store cannot give to import any more.
type goneLine struct {
	line string // the store's line id
	code string
}

// reason says what happened to the product, and what to do. Mapping the product's number by hand would make its record, or
// that of the variations it has now, another product's.
func (g goneLine) reason() string {
	what := map[string]string{
		productDeleted: "the product of line %s was deleted in the store",
		productTrashed: "the product of line %s is in the store's trash: restore it there",
		variationGone: "line %s sold a variation that the store no longer has, or a product that has variations now: restore the " +
			"variation there if it is in the trash",
		translatedUntold: "line %s sold a variation of a translated product, which cannot be told from the others of the product that it is a " +
			"translation of: give both the same SKU in the store and process the order again",
	}[g.code]
	join := ": "
	if g.code != productDeleted {
		join = ", or "
	}
	return fmt.Sprintf(what, g.line) + join + "choose a placeholder product (order.placeholder_product) and process the order again"
}

// explain gives an order that was refused for a product the store no longer has the code and the words that say why.
func (p orderPlan) explain(outcome erp.Outcome) erp.Outcome {
	switch {
	case outcome.Code == erp.GoneProduct && len(p.gone) > 0:
		outcome.Code, outcome.Reason = p.gone[0].code, p.gone[0].reason()
	case p.badPlaceholder && slices.Contains(outcome.Waits, p.order.Placeholder):
		outcome.Code, outcome.Waits = placeholderGone, nil
		outcome.Reason = "the placeholder product (order.placeholder_product) cannot stand for a deleted product: the store does not have " +
			"it, or it has variations; choose another product and process the order again"
	}
	return outcome
}

// withoutGoneProducts looks up in the store what the ERP does not know of the products that orders wait for. It gives the
// orders that sold something the store no longer has, with those lines as the store writes them once a product is deleted:
// the ERP then knows them by what has landed, or takes the placeholder. Orders whose products are just not imported yet go
// on waiting.
func withoutGoneProducts(ctx context.Context, ec mapping.Context, attempts []*orderAttempt) ([]*orderAttempt, error) {
	var waiting []*orderAttempt
	var sold []woo.LineItem
	for _, a := range attempts {
		if lines := unknownGoods(ec, a); len(lines) > 0 {
			waiting, sold = append(waiting, a), append(sold, lines...)
		}
	}
	if len(sold) == 0 {
		return nil, nil
	}
	gone, originals, err := lookAtProducts(ctx, ec, append(sold, placeholderLines(ec)...))
	if err != nil {
		return nil, err
	}
	var changed []*orderAttempt
	for _, a := range waiting {
		a.Value.badPlaceholder = gone[a.Value.order.Placeholder] != ""
		a.Outcome = a.Value.explain(a.Outcome)
		forgot := forget(ec, a, gone)
		if sellOriginals(a, originals) || forgot {
			changed = append(changed, a)
		}
	}
	return changed, nil
}

// placeholderLines is a line of the placeholder product, so that it is looked up along with what was sold; nil for none.
func placeholderLines(ec mapping.Context) []woo.LineItem {
	var lines []woo.LineItem
	for _, id := range mapping.IdsAfter([]string{ec.Instance.Config.Order.Placeholder}, 0) {
		lines = append(lines, woo.LineItem{ProductID: id})
	}
	return lines
}

// unknownGoods gives the lines whose products the order waits for, those that the placeholder stands for included.
func unknownGoods(ec mapping.Context, a *orderAttempt) []woo.LineItem {
	var lines []woo.LineItem
	for _, item := range a.Record.LineItems {
		key := soldProduct(ec, item)
		if key.IsZero() {
			key = a.Value.order.Placeholder
		}
		if !key.IsZero() && slices.Contains(a.Outcome.Waits, key) {
			lines = append(lines, item)
		}
	}
	return lines
}

// forget takes the product off the lines that sold what the store no longer has, and reports whether there were any.
func forget(ec mapping.Context, a *orderAttempt, gone map[erp.Key]string) bool {
	plan := &a.Value
	before := len(plan.gone)
	for _, item := range unknownGoods(ec, a) {
		i := slices.IndexFunc(plan.order.Lines, func(l erp.OrderLine) bool {
			return l.Kind == erp.ProductLine && l.ID == item.ID.String()
		})
		code := gone[soldProduct(ec, item)]
		if i < 0 || code == "" {
			continue
		}
		plan.order.Lines[i].Product = erp.Key{}
		plan.gone = append(plan.gone, goneLine{item.ID.String(), code})
	}
	return len(plan.gone) > before
}

// productFields is all that lookAtProducts reads of a product.
var productFields = []string{"id", "parent_id", "type", "status", "variations", "lang", "translations"}

// lookAtProducts says of the products and variations that lines sold which the store no longer has, by the code of the
// order's refusal, and which are translations, and of what.
func lookAtProducts(ctx context.Context, ec mapping.Context, lines []woo.LineItem) (look map[erp.Key]string, originals map[erp.Key]erp.Key, err error) {
	var ids []woo.ID
	for _, line := range lines {
		if line.ProductID != 0 {
			ids = append(ids, line.ProductID)
		}
	}
	slices.Sort(ids)
	listed := map[woo.ID]woo.Product{}
	for chunk := range slices.Chunk(slices.Compact(ids), woo.MaxPerPage) {
		page, err := ec.Store.Products.List(ctx, woo.ListOptions{
			Include: chunk, PerPage: woo.MaxPerPage, Fields: productFields, Params: url.Values{"status": {"any"}},
		})
		if err != nil {
			return nil, nil, err
		}
		for _, p := range page.Records {
			listed[p.ID] = p
		}
	}
	look, originals = map[erp.Key]string{}, map[erp.Key]erp.Key{}
	for _, line := range lines {
		key := soldProduct(ec, line)
		if _, known := look[key]; known || key.IsZero() {
			continue
		}
		if look[key], err = goneCode(ctx, ec, listed, line); err != nil {
			return nil, nil, err
		}
		if look[key] != "" {
			continue
		}
		of, translated, err := original(ctx, ec, listed, line)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case translated && of.IsZero():
			look[key] = translatedUntold
		case translated:
			originals[key] = of
		}
	}
	return look, originals, nil
}

// goneCode says why the store cannot give what a line sold; "" when it can. What its list shows needs no further request.
func goneCode(ctx context.Context, ec mapping.Context, listed map[woo.ID]woo.Product, line woo.LineItem) (string, error) {
	product, ok := listed[line.ProductID]
	switch {
	case line.ProductID == 0:
		return hiddenCode(ctx, ec, line.VariationID, variationGone, variationGone)
	case !ok:
		return hiddenCode(ctx, ec, line.ProductID, productDeleted, productTrashed)
	case line.VariationID == 0 && (product.Type == woo.ProductVariable || len(product.Variations) > 0):
		return variationGone, nil
	case line.VariationID == 0 || slices.Contains(product.Variations, line.VariationID):
		return "", nil
	}
	return hiddenCode(ctx, ec, line.VariationID, variationGone, variationGone)
}

// hiddenCode reads a product that the store does not list: from its trash it still gives it.
func hiddenCode(ctx context.Context, ec mapping.Context, id woo.ID, deleted, inTrash string) (string, error) {
	product, err := ec.Store.Products.Get(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return deleted, nil
	case err != nil:
		return "", err
	case product.Status == mapping.Trashed:
		return inTrash, nil
	}
	return "", nil
}
