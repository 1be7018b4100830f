package odoo

import (
	"net/url"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// listActions are the actions behind Odoo's own menus, which have kept their names since 14. Those of coupons have not.
var listActions = map[string]string{
	"product": "sale.product_template_action", "customer": "account.res_partner_action_customer", "order": "sale.action_orders",
	"invoice": "account.action_move_out_invoice_type", "credit_note": "account.action_move_out_refund_type",
	"delivery": "stock.action_picking_tree_all", "stock": "stock.action_view_quants",
}

// webPages are the pages that Odoo has about records. One that never said which version it is has none: its addresses are not known.
func webPages(c erp.Connection, version string) map[string]erp.WebPage {
	release, err := rpc.ParseRelease(version)
	if err != nil {
		return nil
	}
	at := webAddress{base: strings.TrimSuffix(c["url"], "/"), database: c["database"], paths: rpc.HasPaths.For(release)}
	pages := map[string]erp.WebPage{}
	for kind, model := range homes(release) {
		if model != record.TermModel { // it has no views: nobody works with it
			pages[kind] = erp.WebPage{Record: at.record(model)}
		}
	}
	for kind, model := range map[string]string{
		"invoice": "account.move", "credit_note": "account.move", "refund": "account.move", "delivery": "stock.picking", "shipment": "stock.picking",
	} {
		pages[kind] = erp.WebPage{Record: at.record(model)}
	}
	for kind, action := range listActions {
		pages[kind] = erp.WebPage{Record: pages[kind].Record, List: at.list(action)}
	}
	pages["coupon"] = erp.WebPage{Record: pages["coupon"].Record, List: at.list(rpc.CouponActions.For(release))}
	return pages
}

// webAddress makes addresses of Odoo's web client, which had all of them in the fragment before it had paths.
type webAddress struct {
	base, database string
	paths          bool
}

func (a webAddress) record(model string) string {
	if a.paths {
		return a.base + "/odoo/" + model + "/" + erp.RecordID + a.query()
	}
	return a.base + "/web" + a.query() + "#id=" + erp.RecordID + "&model=" + model + "&view_type=form"
}

func (a webAddress) list(action string) string {
	if a.paths {
		return a.base + "/odoo/action-" + action + a.query()
	}
	return a.base + "/web" + a.query() + "#action=" + action
}

// query names the database: a server with several asks for it otherwise.
func (a webAddress) query() string {
	if a.database == "" {
		return ""
	}
	return "?" + url.Values{"db": {a.database}}.Encode()
}
