package sales

import (
	"context"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// remark tells of a shipment in a note of its order and in the order's meta fields, where the store has no place for shipments.
func (p *shipmentPush) remark(ctx context.Context, a *shipmentAttempt, order woo.Order) error {
	status, id := flow.Unchanged, "meta"
	if p.ec.Instance.Config.Tracking.Note != instance.NoNote {
		note, made, err := p.addNote(ctx, a, order)
		if err != nil {
			return err
		}
		if id = note.ID.String(); made {
			status = flow.Created
			if _, told := p.keptAt(a, instance.TrackingNote); told {
				status = flow.Updated
			}
		}
	}
	changed, err := p.setOrderMeta(ctx, a, order)
	if err != nil {
		return err
	}
	if changed && status == flow.Unchanged {
		status = flow.Updated
	}
	p.settle(a, status, instance.TrackingNote, id)
	return nil
}

// addNote adds the note of a shipment, unless the order has it. A note cannot be changed: another number is told by another note.
func (p *shipmentPush) addNote(ctx context.Context, a *shipmentAttempt, order woo.Order) (woo.OrderNote, bool, error) {
	service := p.ec.Store.OrderNotes.Of(order.ID)
	list, err := service.List(ctx, woo.ListOptions{})
	if err != nil {
		return woo.OrderNote{}, false, err
	}
	_, told := p.keptAt(a, instance.TrackingNote)
	text := p.noteText(a.Record)
	for _, note := range list.Records {
		// A note that was written by another text, or in other words since, told it all the same.
		if plain := mapping.Plain(note.Note); plain == text || told && strings.Contains(plain, a.Record.Tracking.Number) {
			return note, false, nil
		}
	}
	if err := p.confirm(ctx); err != nil {
		return woo.OrderNote{}, false, err
	}
	made, err := service.Create(ctx, woo.Fields{"note": text, "customer_note": p.ec.Instance.Config.Tracking.Note == instance.CustomerNote})
	if err != nil {
		return made, false, err
	}
	a.Note("note " + made.ID.String() + " of order " + order.ID.String() + " created")
	if mapping.Plain(made.Note) != text {
		return made, true, differs("the note")
	}
	return made, true, nil
}

// noteText says what people read of a shipment.
func (p *shipmentPush) noteText(s erp.Shipment) string {
	if text := p.ec.Instance.Config.Tracking.NoteText; text != "" {
		return strings.TrimSpace(strings.NewReplacer("{carrier}", s.Carrier, "{number}", s.Tracking.Number, "{url}", s.URL, "{delivery}", s.Number).Replace(text))
	}
	text := "Shipped"
	if s.Carrier != "" {
		text += " with " + s.Carrier
	}
	text += ". Tracking number: " + s.Tracking.Number
	if s.URL != "" {
		text += ", " + s.URL
	}
	return text + " (" + s.Number + ")"
}

// setOrderMeta gives the order's meta fields what is known of all its shipments. It sends nothing else of the order: its lines or
// addresses would have its taxes calculated again.
func (p *shipmentPush) setOrderMeta(ctx context.Context, a *shipmentAttempt, order woo.Order) (changed bool, err error) {
	config := p.ec.Instance.Config.Tracking
	if config.CarrierMeta+config.NumberMeta+config.URLMeta == "" {
		return false, nil
	}
	all, err := p.reader.ShipmentsOf(ctx, []erp.Key{a.Record.Order})
	if err != nil {
		return false, err
	}
	var fields []metaField
	for _, field := range []struct {
		key string
		of  func(erp.Shipment) string
	}{
		{config.CarrierMeta, func(s erp.Shipment) string { return s.Carrier }},
		{config.NumberMeta, func(s erp.Shipment) string { return s.Tracking.Number }},
		{config.URLMeta, func(s erp.Shipment) string { return s.URL }},
	} {
		if field.key != "" {
			fields = append(fields, metaField{field.key, joined(all, field.of)})
		}
	}
	if holds(order, fields) {
		return false, nil
	}
	if err := p.confirm(ctx); err != nil {
		return false, err
	}
	now, err := p.ec.Store.Orders.Update(ctx, order.ID, woo.Fields{"meta_data": fields})
	if err != nil {
		return false, err
	}
	a.Note("meta fields of order " + order.ID.String() + " updated")
	p.orders[order.ID] = now
	if !holds(now, fields) {
		return true, differs("the meta fields of the order")
	}
	return true, nil
}

// joined lists what shipments say, each once.
func joined(all []erp.Shipment, of func(erp.Shipment) string) string {
	var texts []string
	for _, s := range all {
		if text := of(s); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, ", ")
}

// holds reports whether an order's meta fields say something.
func holds(order woo.Order, fields []metaField) bool {
	return !slices.ContainsFunc(fields, func(wanted metaField) bool {
		field, _ := woo.FindMeta(order.MetaData, wanted.Key)
		text, _ := field.Text()
		return text != wanted.Value
	})
}
