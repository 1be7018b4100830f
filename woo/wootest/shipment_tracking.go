package wootest

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tracking is a tracking number of an order, as the plugins keep it.
type tracking struct {
	id, provider, number, link string
	shipped                    int64
}

// carriers are those that the plugins know, with the address under which a parcel is followed.
var carriers = map[string]string{
	"DHL": "https://www.dhl.com/track?id=%s",
	"UPS": "https://www.ups.com/track?tracknum=%s",
}

// routeTrackings serves tracking numbers under the addresses of the plugins that the store has. Both keep them in the same place.
func (s *Server) routeTrackings() {
	var apis []string
	if s.opts.ShipmentTracking || s.opts.AdvancedShipmentTracking {
		apis = append(apis, "wc-shipment-tracking/v3")
	}
	if s.opts.AdvancedShipmentTracking {
		apis = append(apis, "wc-ast/v3")
	}
	for _, api := range apis {
		base := api + "/orders/#/shipment-trackings"
		s.router.at(base).on(http.MethodGet, s.listTrackings).on(http.MethodPost, s.createTracking)
		s.router.at(base+"/providers").on(http.MethodGet, s.listCarriers)
		s.router.at(base+"/*").on(http.MethodGet, s.getTracking).on(http.MethodDelete, s.deleteTracking)
		s.plugins = append(s.plugins, api)
	}
}

func (s *Server) trackedOrder(c *call) (*order, error) {
	o := s.orders.get(c.id(0))
	if o == nil {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
	}
	return o, nil
}

func (s *Server) listTrackings(c *call) (*reply, error) {
	if _, err := s.trackedOrder(c); err != nil {
		return nil, err
	}
	e := c.encoder()
	e.open('[')
	for _, t := range s.trackings[c.id(0)] {
		e.tracking(t)
	}
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) listCarriers(c *call) (*reply, error) {
	e := c.encoder()
	e.open('{')
	e.object("Global")
	for _, name := range []string{"DHL", "UPS"} {
		e.str(name, carriers[name])
	}
	e.close('}')
	e.close('}')
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) createTracking(c *call) (*reply, error) {
	o, err := s.trackedOrder(c)
	if err != nil {
		return nil, err
	}
	var in struct {
		Number   *text `json:"tracking_number"`
		Provider text  `json:"tracking_provider"`
		Custom   text  `json:"custom_tracking_provider"`
		Link     text  `json:"custom_tracking_link"`
		Shipped  text  `json:"date_shipped"`
	}
	if err := decode(c.body, &in); err != nil {
		return nil, err
	}
	if in.Number == nil {
		return nil, missingParam("tracking_number")
	}
	made := s.shown(string(in.Provider), string(in.Custom), string(in.Link), string(*in.Number))
	made.shipped = c.now
	if at := parseInstant(string(in.Shipped), time.UTC); at > 0 {
		made.shipped = at
	}
	sum := md5.Sum(fmt.Append(nil, made.provider, "-", made.number, take(&s.counters.meta)))
	made.id = hex.EncodeToString(sum[:])
	s.trackings[o.ID] = append(slices.Clone(s.trackings[o.ID]), made)
	if s.opts.AdvancedShipmentTracking {
		s.addNote(c, o.ID, "Order was shipped with "+made.provider+" and tracking number is: "+made.number)
	}
	return trackingReply(c, http.StatusCreated, made), nil
}

// shown is a number as the plugin shows it. Advanced Shipment Tracking looks for its own carriers under either name, and shows
// no other; Shipment Tracking shows what it is given as the carrier's own name.
func (s *Server) shown(provider, custom, link, number string) tracking {
	t := tracking{number: number}
	name := provider
	if custom != "" {
		name = custom
		if !s.opts.AdvancedShipmentTracking {
			t.provider, t.link = custom, link
			return t
		}
		t.link = link
	}
	for known, address := range carriers {
		if strings.EqualFold(known, name) {
			t.provider, t.link = known, fmt.Sprintf(address, number)
		}
	}
	return t
}

func (s *Server) findTracking(c *call) (int, error) {
	if _, err := s.trackedOrder(c); err != nil {
		return 0, err
	}
	at := slices.IndexFunc(s.trackings[c.id(0)], func(t tracking) bool { return t.id == c.vars[1] })
	if at < 0 {
		return 0, fail(http.StatusNotFound, "woocommerce_rest_order_shipment_tracking_invalid_id", "Invalid shipment tracking ID.")
	}
	return at, nil
}

func (s *Server) getTracking(c *call) (*reply, error) {
	at, err := s.findTracking(c)
	if err != nil {
		return nil, err
	}
	return trackingReply(c, http.StatusOK, s.trackings[c.id(0)][at]), nil
}

func (s *Server) deleteTracking(c *call) (*reply, error) {
	at, err := s.findTracking(c)
	if err != nil {
		return nil, err
	}
	gone := s.trackings[c.id(0)][at]
	s.trackings[c.id(0)] = slices.Delete(slices.Clone(s.trackings[c.id(0)]), at, at+1)
	return trackingReply(c, http.StatusOK, gone), nil
}

func trackingReply(c *call, status int, t tracking) *reply {
	e := c.encoder()
	e.tracking(t)
	return newReply(status, e.b)
}

func (e *encoder) tracking(t tracking) {
	e.open('{')
	e.str("tracking_id", t.id)
	e.str("tracking_provider", t.provider)
	e.str("tracking_link", t.link)
	e.str("tracking_number", t.number)
	e.str("date_shipped", time.Unix(t.shipped, 0).UTC().Format(time.DateOnly))
	e.close('}')
}
