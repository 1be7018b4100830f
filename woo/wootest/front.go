package wootest

import (
	"html/template"
	"net/http"
)

// front is what a person sees who opens the address of the store.
var front = template.Must(template.New("front").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Simulated store</title></head><body>
<h1>Simulated store</h1>
<p>A WooCommerce store for trials. It lives in memory and forgets what was written to it when it stops.</p>
<ul>
<li>Address for Tandem: <code>{{.Home}}</code></li>
<li>Consumer key: <code>{{.Key}}</code>, secret: <code>{{.Secret}}</code>. They open nothing but a simulated store.</li>
<li>REST API: <a href="{{.API}}/"><code>{{.API}}/</code></a>, orders and products below
<code>{{.API}}/wc/v3/</code></li>
<li>Faults: <code>PUT</code> a plan to <a href="/__sim/faults"><code>/__sim/faults</code></a>; its fields are in
docs/simulated-store.md</li>
<li>Requests so far: <a href="/__sim/stats"><code>/__sim/stats</code></a></li>
</ul>
</body></html>
`))

// front shows the page. Keys of its own that a test gave the store stay with the test.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	home := homeOf(r, s.opts.BasePath)
	page := struct{ Home, API, Key, Secret string }{home, s.apiRoot(home), "given to the store when it was started", "likewise"}
	if len(s.opts.Keys) == 1 && s.opts.Keys[0].Key == DefaultKey {
		page.Key, page.Secret = DefaultKey, DefaultSecret
	}
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = front.Execute(w, page) // a client that went away is its own business
}
