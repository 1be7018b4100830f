package wootest

const (
	allMethods  = `"GET","POST","PUT","PATCH","DELETE"`
	editMethods = `"GET","POST","PUT","PATCH"`
	readDelete  = `"GET","DELETE"`
	readOnly    = `"GET"`
)

// links writes _links with self, collection and, unless up is empty, up. Paths are below wc/v3.
func (c *call) links(e *encoder, collection string, id any, methods, up string) {
	e.object("_links")
	c.self(e, collection, id, methods)
	c.link(e, "collection", collection)
	if up != "" {
		c.link(e, "up", up)
	}
	e.close('}')
}

func (c *call) self(e *encoder, collection string, id any, methods string) {
	e.array("self")
	e.open('{')
	e.str("href", c.api()+"/"+collection+"/"+identifier(id))
	e.raw("targetHints", `{"allow":[`+methods+`]}`)
	e.b = append(e.b, "}]"...)
}

func (c *call) link(e *encoder, rel, path string) {
	e.array(rel)
	e.open('{')
	e.str("href", c.api()+"/"+path)
	e.b = append(e.b, "}]"...)
}

// project trims the record last begun to the fields the client asked for.
func (e *encoder) project() {
	if len(e.fields) == 0 {
		return
	}
	trimmed := project(e.b[e.mark:], e.fields)
	e.b = append(e.b[:e.mark], trimmed...)
}
