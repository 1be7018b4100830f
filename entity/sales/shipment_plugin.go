package sales

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// track has a plugin of the store keep the tracking number of a shipment. The plugin keeps no fields of others and changes nothing: the
// number says whether it has it already, and another number takes the place of the one before.
func (p *shipmentPush) track(ctx context.Context, a *shipmentAttempt, order woo.Order, target, api string) error {
	service := p.ec.Store.ShipmentTrackings(api, order.ID)
	list, err := service.List(ctx)
	if err != nil {
		return err
	}
	before, told := p.keptAt(a, target)
	old := slices.IndexFunc(list, func(t woo.ShipmentTracking) bool { return told && string(t.ID) == before })
	found, status := trackingOf(list, a.Record.Tracking.Number), flow.Unchanged
	if found == nil && told && old < 0 {
		return deletedThere(a, "its tracking number")
	}
	if found == nil {
		status = flow.Created
		if old >= 0 {
			status = flow.Updated
		}
		if found, err = p.addTracking(ctx, a, service); err != nil {
			return err
		}
	}
	if old >= 0 && list[old].ID != found.ID {
		if err := p.dropTracking(ctx, a, service, list[old]); err != nil {
			return err
		}
		status = flow.Updated
	}
	p.settle(a, status, target, string(found.ID))
	return nil
}

func trackingOf(list []woo.ShipmentTracking, number string) *woo.ShipmentTracking {
	at := slices.IndexFunc(list, func(t woo.ShipmentTracking) bool { return string(t.Number) == number })
	if at < 0 {
		return nil
	}
	return &list[at]
}

// addTracking adds a number, and reads it back: where orders have numbers besides their ids, a plugin may take one for the other.
func (p *shipmentPush) addTracking(ctx context.Context, a *shipmentAttempt, service *woo.ShipmentTrackings) (*woo.ShipmentTracking, error) {
	fields, err := p.trackingFields(ctx, a.Record, service)
	if err != nil {
		return nil, err
	}
	if err := p.confirm(ctx); err != nil {
		return nil, err
	}
	made, err := service.Create(ctx, fields)
	if err != nil {
		return nil, err
	}
	a.Note("tracking number added, which the store calls " + string(made.ID))
	list, err := service.List(ctx)
	if err != nil {
		return nil, err
	}
	found := trackingOf(list, a.Record.Tracking.Number)
	switch {
	case found == nil:
		return nil, differs("no tracking number at the order")
	case a.Record.URL != "" && string(found.Link) != a.Record.URL:
		a.Note("the plugin shows an address of its own for it")
	}
	return found, nil
}

// dropTracking deletes a number that another took the place of, unless another delivery goes by it too.
func (p *shipmentPush) dropTracking(ctx context.Context, a *shipmentAttempt, service *woo.ShipmentTrackings, old woo.ShipmentTracking) error {
	others, err := p.reader.ShipmentsOf(ctx, []erp.Key{a.Record.Order})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(s erp.Shipment) bool { return s.ID != a.Record.ID && s.Tracking.Number == string(old.Number) }) {
		return nil
	}
	if err := p.confirm(ctx); err != nil {
		return err
	}
	if err := service.Delete(ctx, string(old.ID)); err != nil {
		return err
	}
	a.Note("the tracking number before was deleted in the store")
	return nil
}

// trackingFields gives the plugin a carrier of its own list, for which it knows the address, or else the name and address as they are.
// What it is not given is the status of the order, which it would change.
func (p *shipmentPush) trackingFields(ctx context.Context, s erp.Shipment, service *woo.ShipmentTrackings) (woo.Fields, error) {
	zone := mapping.ShopZone(p.ec.Instance.Store.Timezone)
	fields := woo.Fields{"tracking_number": s.Tracking.Number, "date_shipped": s.At.In(zone).Format(time.DateOnly)}
	if s.URL == "" {
		known, err := p.knownProvider(ctx, s.Carrier, service)
		if err != nil {
			return nil, err
		}
		if known != "" {
			fields["tracking_provider"] = known
			return fields, nil
		}
	}
	fields["custom_tracking_provider"], fields["custom_tracking_link"] = cmp.Or(s.Carrier, hostOf(s.URL)), s.URL
	return fields, nil
}

// knownProvider gives the name that the plugin has for a carrier; "" for one that it does not know.
func (p *shipmentPush) knownProvider(ctx context.Context, carrier string, service *woo.ShipmentTrackings) (string, error) {
	if carrier == "" {
		return "", nil
	}
	if p.providers == nil {
		names, err := service.Providers(ctx)
		if err != nil {
			return "", err
		}
		p.providers = append([]string{}, names...)
	}
	at := slices.IndexFunc(p.providers, func(name string) bool { return strings.EqualFold(mapping.Plain(name), carrier) })
	if at < 0 {
		return "", nil
	}
	return p.providers[at], nil
}

// hostOf stands for a carrier that has no name.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
