package wootest

import (
	"fmt"
	"net/http"
)

func (s *Server) listShippingMethods(c *call) (*reply, error) {
	e := c.encoder()
	e.open('[')
	for i := range shippingMethods {
		encodeShippingMethod(e, c, &shippingMethods[i])
	}
	e.close(']')
	r := newReply(http.StatusOK, e.b)
	r.paged(c, page{number: 1, size: maxPageSize}, len(shippingMethods))
	return r, nil
}

func (s *Server) getShippingMethod(c *call) (*reply, error) {
	m := describeMethod(c.vars[0])
	if m == nil {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_shipping_method_invalid", "Resource does not exist.")
	}
	e := c.encoder()
	encodeShippingMethod(e, c, m)
	return newReply(http.StatusOK, e.b), nil
}

func encodeShippingMethod(e *encoder, c *call, m *[3]string) {
	e.open('{')
	e.str("id", m[0])
	e.str("title", m[1])
	e.str("description", m[2])
	c.links(e, "shipping_methods", m[0], readOnly, "")
	e.close('}')
}

func encodeZoneMethod(e *encoder, _ *call, m *zoneMethod) {
	kind := describeMethod(string(m.MethodID))
	title := kind[1]
	if custom := m.Settings["title"]; custom != "" {
		title = string(custom)
	}
	e.open('{')
	e.num("id", m.ID)
	e.num("instance_id", m.ID)
	e.str("title", title)
	e.num("order", int(m.Order))
	e.flag("enabled", bool(m.Enabled))
	e.str("method_id", kind[0])
	e.str("method_title", kind[1])
	e.str("method_description", kind[2])
	e.object("settings")
	e.methodSetting("title", "text", title)
	for _, name := range []string{"tax_status", "cost", "min_amount"} {
		if value, known := m.Settings[name]; known {
			e.methodSetting(name, "text", string(value))
		}
	}
	e.close('}')
}

func (e *encoder) methodSetting(id, kind, value string) {
	e.object(id)
	e.str("id", id)
	e.str("label", id)
	e.str("description", "")
	e.str("type", kind)
	e.str("value", value)
	e.str("default", "")
	e.str("tip", "")
	e.str("placeholder", "")
	e.close('}')
}

func linkZoneMethod(e *encoder, c *call, m *zoneMethod) {
	path := fmt.Sprintf("shipping/zones/%d", m.zone)
	e.object("_links")
	c.self(e, path+"/methods", m.ID, allMethods)
	c.link(e, "collection", path+"/methods")
	c.link(e, "describes", path)
	e.close('}')
}
