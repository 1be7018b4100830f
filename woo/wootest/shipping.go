package wootest

import (
	"fmt"
	"net/http"
	"slices"
)

// zone is a group of places with its own shipping methods. Zone 0 is the rest of the world and always exists.
type zone struct {
	ID    int     `json:"-"`
	Name  text    `json:"name"`
	Order integer `json:"order"`

	locations []location
}

type location struct {
	Code text `json:"code"`
	Type text `json:"type"`
}

// zoneMethod is one shipping method offered in a zone.
type zoneMethod struct {
	ID       int // the instance id
	zone     int
	MethodID text            `json:"method_id"`
	Order    integer         `json:"order"`
	Enabled  boolean         `json:"enabled"`
	Settings map[string]text `json:"settings"`
}

// shippingMethods are the kinds of method, with their titles and descriptions.
var shippingMethods = [][3]string{
	{"flat_rate", "Flat rate", "Charges a fixed rate for shipping."},
	{"free_shipping", "Free shipping", "Ships without a charge, by coupon or minimum spend."},
	{"local_pickup", "Local pickup", "Customers collect their order themselves."},
	{"pickup_location", "Local pickup", "Customers choose a place to collect from."},
}

var (
	errNoZone       = fail(http.StatusNotFound, "woocommerce_rest_shipping_zone_invalid", "Resource does not exist.")
	errNoZoneMethod = fail(http.StatusNotFound, "woocommerce_rest_shipping_zone_method_invalid", "Resource does not exist.")
)

func (s *Server) routeShipping() {
	s.router.at("shipping_methods").on(http.MethodGet, s.listShippingMethods)
	s.router.at("shipping_methods/*").on(http.MethodGet, s.getShippingMethod)
	zones := &resource[zone]{
		pattern: "shipping/zones", records: s.zones, ascending: true,
		encode: encodeZone, links: linkZone, write: s.writeZone, remove: s.removeZone, missing: errNoZone,
	}
	if s.opts.ShippingDisabled {
		s.closeZones()
		return
	}
	zones.mount(&s.router)
	s.router.at("shipping/zones/#/locations").edit(s.putLocations).on(http.MethodGet, s.getLocations)
	methods := &resource[zoneMethod]{
		pattern: "shipping/zones/#/methods", records: s.zoneMethods, ascending: true, unpaged: true,
		scope: s.zoneMethodIDs,
		owned: func(c *call, m *zoneMethod) error {
			if m.zone != c.id(0) {
				return errNoZoneMethod
			}
			return nil
		},
		encode: encodeZoneMethod, links: linkZoneMethod, write: s.writeZoneMethod,
		remove: func(_ *call, m *zoneMethod, force bool) error {
			if !force {
				return noTrash("Shipping methods do not support trashing.")
			}
			s.zoneMethods.remove(m.ID)
			return nil
		},
		missing: errNoZoneMethod,
	}
	methods.mount(&s.router)
}

// closeZones answers below shipping/zones as a store does whose shipping is switched off.
func (s *Server) closeZones() {
	closed := func(*call) (*reply, error) {
		return nil, fail(http.StatusNotFound, errNoRoute.code, "Shipping is disabled.")
	}
	for _, pattern := range []string{"shipping/zones", "shipping/zones/#", "shipping/zones/#/locations", "shipping/zones/#/methods"} {
		s.router.at(pattern).on(http.MethodGet, closed)
	}
}

func (s *Server) writeZone(_ *call, old *zone, in []byte) (*zone, error) {
	var next zone
	if old != nil {
		next = *old
	}
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if next.Name == "" {
		return nil, missingParam("name")
	}
	if old != nil && old.ID == 0 {
		return nil, fail(http.StatusForbidden, "woocommerce_rest_shipping_zone_invalid_zone",
			`The "locations not covered by your other zones" zone cannot be updated.`)
	}
	if old == nil {
		next.ID = take(&s.counters.zone)
	}
	s.zones.put(&next)
	return &next, nil
}

func (s *Server) removeZone(_ *call, z *zone, force bool) error {
	if !force {
		return noTrash("Shipping zones do not support trashing.")
	}
	s.zones.remove(z.ID)
	return nil
}

func encodeZone(e *encoder, _ *call, z *zone) {
	e.open('{')
	e.num("id", z.ID)
	e.str("name", string(z.Name))
	e.num("order", int(z.Order))
}

func linkZone(e *encoder, c *call, z *zone) {
	e.object("_links")
	c.self(e, "shipping/zones", z.ID, allMethods)
	c.link(e, "collection", "shipping/zones")
	c.link(e, "describedby", fmt.Sprintf("shipping/zones/%d/locations", z.ID))
	e.close('}')
}

func (s *Server) getLocations(c *call) (*reply, error) {
	z := s.zones.get(c.id(0))
	if z == nil {
		return nil, errNoZone
	}
	e := c.encoder()
	e.open('[')
	for _, l := range z.locations {
		e.open('{')
		e.str("code", string(l.Code))
		e.str("type", string(l.Type))
		e.object("_links")
		c.link(e, "collection", c.path(c.route.pattern))
		c.link(e, "describes", fmt.Sprintf("shipping/zones/%d", z.ID))
		e.b = append(e.b, "}}"...)
	}
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) putLocations(c *call) (*reply, error) {
	z := s.zones.get(c.id(0))
	if z == nil {
		return nil, errNoZone
	}
	var locations []location
	if err := decode(c.body, &locations); err != nil {
		return nil, err
	}
	next := *z
	next.locations = slices.DeleteFunc(locations, func(l location) bool { return l.Code == "" })
	s.zones.put(&next)
	return s.getLocations(c)
}

func (s *Server) zoneMethodIDs(c *call) ([]int, error) {
	if s.zones.get(c.id(0)) == nil {
		return nil, errNoZone
	}
	ids := []int{}
	for m := range s.zoneMethods.records {
		if m.zone == c.id(0) {
			ids = append(ids, m.ID)
		}
	}
	return ids, nil
}

func (s *Server) writeZoneMethod(c *call, old *zoneMethod, in []byte) (*zoneMethod, error) {
	next := zoneMethod{zone: c.id(0), Enabled: true}
	if old != nil {
		next = *old
	}
	settings := map[string]text{}
	for name, value := range next.Settings {
		settings[name] = value
	}
	next.Settings = settings
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if s.zones.get(next.zone) == nil {
		return nil, errNoZone
	}
	if describeMethod(string(next.MethodID)) == nil {
		return nil, fail(http.StatusInternalServerError, "woocommerce_rest_shipping_zone_not_created", "Resource cannot be created.")
	}
	if old == nil {
		next.ID = take(&s.counters.zone)
	}
	s.zoneMethods.put(&next)
	return &next, nil
}

func describeMethod(id string) *[3]string {
	for i := range shippingMethods {
		if shippingMethods[i][0] == id {
			return &shippingMethods[i]
		}
	}
	return nil
}
