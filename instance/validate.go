package instance

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"tandem/erp"
	"tandem/fault"
)

// maxPrefix keeps an order number readable and within the length ERPs print.
const maxPrefix = 16

// statusPattern is what the store accepts as an order status: it is a post status of at most 20 letters with "wc-".
var statusPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,16}$`)

// Normalize checks what an instance says of itself, and returns it with its addresses and its connection to the ERP in the form they
// are kept in. The error is a Problems.
func (i Instance) Normalize(erps erp.Drivers) (Instance, error) {
	if err := i.Validate(erps); err != nil {
		return i, err
	}
	var err error
	if i.StoreURL, err = NormalizeStoreURL(i.StoreURL); err != nil {
		return i, err
	}
	driver, err := erps.Find(i.Backend)
	i.ERPConnection, _ = driver.Normalize(i.ERPConnection)
	return i, err
}

// Validate checks what an instance says of itself: id, name, address, connection and configuration. The error is a
// Problems. Whether the configuration is complete is a question of MissingForActivation.
func (i Instance) Validate(erps erp.Drivers) error {
	var p Problems
	if !ValidID(i.ID) {
		p.add("id", "must be 1 to 32 of a–z, 0–9 and -, and must not begin with -")
	}
	if strings.TrimSpace(i.Name) == "" {
		p.add("name", "is missing: give a name people recognise the store by")
	}
	if _, err := NormalizeStoreURL(i.StoreURL); err != nil {
		p = append(p, fault.From(err))
	}
	i.checkERP(erps, &p)
	i.Connection.check(&p)
	i.Config.check(&p)
	return p.Err()
}

// check notes what is wrong with a connection.
func (c Connection) check(p *Problems) {
	p.oneOf("connection.api_version", c.APIVersion, "wc/v3")
	if c.Readers < 1 || c.Readers > 8 {
		p.add("connection.readers", "must be 1 to 8")
	}
}

// Validate checks that both keys of the store are there. The error is a Problems and never quotes them.
func (c Credentials) Validate() error {
	var p Problems
	c.check(&p)
	return p.Err()
}

func (c Credentials) check(p *Problems) {
	if c.ConsumerKey == "" {
		p.add("consumer_key", "is missing: create a REST API key in the store's settings")
	}
	if c.ConsumerSecret == "" {
		p.add("consumer_secret", "is missing: it is shown once, when the key is created")
	}
}

// Validate checks every value that is given; empty ones are allowed until activation. The error is a Problems that
// names each field at fault.
func (c Config) Validate() error {
	var p Problems
	c.check(&p)
	return p.Err()
}

// check notes what is wrong in each section.
func (c Config) check(p *Problems) {
	c.General.check(p)
	c.Order.check(p)
	c.checkRounding(p)
	c.Stock.check(p)
	if c.Export.OrderStatus != "" {
		checkGivenStatus(p, "export.order_status", c.Export.OrderStatus)
	}
	c.Tracking.check(p)
	c.checkOwnership(p)
	c.Webhook.check(p)
	c.Email.check(p)
}

func (t Tracking) check(p *Problems) {
	p.oneOf("tracking.target", t.Target, append([]string{TrackingAuto}, TrackingTargets...)...)
	p.oneOf("tracking.note", t.Note, PrivateNote, CustomerNote, NoNote)
	if t.NoteText != "" && !strings.Contains(t.NoteText, "{number}") {
		p.add("tracking.note_text", "must contain {number}, which the tracking number takes the place of")
	}
	if t.Note == NoNote && t.NumberMeta == "" {
		p.add("tracking.number_meta", "is missing: without a note, the tracking number needs a meta field of the order")
	}
	for field, key := range map[string]string{"carrier_meta": t.CarrierMeta, "number_meta": t.NumberMeta, "url_meta": t.URLMeta} {
		if len(key) > maxMetaKey || strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			p.add("tracking."+field, "must be a key of a meta field, such as _tracking_number, of at most %d characters", maxMetaKey)
		}
	}
}

func (g General) check(p *Problems) {
	if g.Currency != "" && !currencyPattern.MatchString(g.Currency) {
		p.add("general.currency", "must be a currency code of three capital letters, e.g. EUR")
	}
	if len(g.Currencies) > 0 && !g.MultiCurrency {
		p.add("general.currencies", "needs general.multi_currency to be true")
	}
	seen := map[string]bool{g.Currency: true}
	for i, code := range g.Currencies {
		field := fmt.Sprintf("general.currencies[%d]", i)
		switch {
		case !currencyPattern.MatchString(code):
			p.add(field, "must be a currency code of three capital letters, e.g. EUR")
		case seen[code]:
			p.add(field, "%s is given twice", code)
		}
		seen[code] = true
	}
}

func (o Order) check(p *Problems) {
	p.oneOf("order.import_through", o.ImportThrough, ThroughStatus, ThroughGateway)
	p.oneOf("order.apply_edits", o.ApplyEdits, UntilConfirmed, UntilInvoiced)
	p.oneOf("order.sub_orders", o.SubOrders, SubOrdersParents, SubOrdersChildren, SubOrdersBoth)
	p.oneOf("order.customer_address", o.CustomerAddress, BillingAddress, ShippingAddress)
	if len([]rune(o.Prefix)) > maxPrefix || strings.IndexFunc(o.Prefix, unicode.IsControl) >= 0 {
		p.add("order.prefix", "must be at most %d printable characters", maxPrefix)
	}
	if strings.Trim(o.Placeholder, "0123456789") != "" {
		p.add("order.placeholder_product", "must be the id of a product of the store, a number")
	}
	if _, err := o.ImportSince(); err != nil {
		*p = append(*p, fault.From(err))
	}
	o.checkStatuses(p)
	o.checkStatusUpdates(p)
	o.checkWorkflows(p)
}

// checkStatusUpdates refuses statuses that no order of a store may be given from outside.
func (o Order) checkStatusUpdates(p *Problems) {
	seen := map[string]bool{}
	for i, u := range o.StatusUpdates {
		field := fmt.Sprintf("order.status_updates[%d]", i)
		switch {
		case !slices.Contains(OrderEvents, u.When):
			p.add(field+".when", "must be one of %s", strings.Join(OrderEvents, ", "))
		case seen[u.When]:
			p.add(field+".when", "%s is given twice", u.When)
		}
		seen[u.When] = true
		checkGivenStatus(p, field+".status", u.Status)
	}
}

// checkGivenStatus refuses a status that no order of a store may be given from outside.
func checkGivenStatus(p *Problems, field, status string) {
	switch {
	case strings.HasPrefix(status, "wc-"):
		p.add(field, "is written without wc-: %s", strings.TrimPrefix(status, "wc-"))
	case !statusPattern.MatchString(status):
		p.add(field, "must be the slug of an order status, e.g. completed")
	case status == StatusCheckoutDraft || status == StatusAutoDraft || status == StatusTrash || status == "any":
		p.add(field, "%s is no status an order can be given", status)
	case status == "refunded":
		p.add(field, "refunded makes the store record a refund of the whole order: make the refund there")
	}
}

func (o Order) checkStatuses(p *Problems) {
	seen := map[string]bool{}
	for i, status := range o.Statuses {
		field := fmt.Sprintf("order.statuses[%d]", i)
		switch {
		case strings.HasPrefix(status, "wc-"):
			p.add(field, "is written without wc-: %s", strings.TrimPrefix(status, "wc-"))
		case !statusPattern.MatchString(status):
			p.add(field, "must be the slug of an order status, e.g. processing")
		case status == StatusCheckoutDraft || status == StatusAutoDraft || status == StatusTrash:
			p.add(field, "%s is never imported: it is no order yet, or no longer", status)
		case status == "any":
			p.add(field, "any would take carts and deleted orders too: list the statuses to import")
		case seen[status]:
			p.add(field, "%s is given twice", status)
		}
		seen[status] = true
	}
}

func (o Order) checkWorkflows(p *Problems) {
	seen := map[string]bool{}
	for i, rule := range o.Workflows {
		field := fmt.Sprintf("order.workflows[%d]", i)
		switch {
		case rule.Match == "":
			p.add(field+".match", "is missing: give the order status or payment gateway it is for")
		case seen[rule.Match]:
			p.add(field+".match", "%s has a sale workflow already", rule.Match)
		}
		seen[rule.Match] = true
		if !ValidID(rule.Workflow) {
			p.add(field+".workflow", "must be the id of a sale workflow")
		}
	}
}

// ImportSince is the UTC moment before which orders are not imported; zero imports all. A date alone means its
// beginning in UTC. It answers fault.Invalid for what is no date.
func (o Order) ImportSince() (time.Time, error) {
	if o.CutOff == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, o.CutOff); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.Field("order.cut_off", "must be a date, e.g. 2026-01-31 or 2026-01-31T08:00:00Z")
}

// maxBuffer keeps the arithmetic within what stores hold.
const maxBuffer = 1_000_000

func (s Stock) check(p *Problems) {
	p.oneOf("stock.field", s.Field, FreeQuantity, ForecastQuantity)
	if s.Buffer < 0 || s.Buffer > maxBuffer {
		p.add("stock.buffer", "must be 0 to %d", maxBuffer)
	}
	for i, warehouse := range s.Warehouses {
		field := fmt.Sprintf("stock.warehouses[%d]", i)
		switch {
		case strings.TrimSpace(warehouse) == "":
			p.add(field, "must be one of the ERP's warehouses")
		case slices.Index(s.Warehouses, warehouse) < i:
			p.add(field, "%s is given twice: its goods would count twice", warehouse)
		}
	}
}

func (w Webhook) check(p *Problems) {
	known := WebhookTopics()
	for i, topic := range w.Topics {
		field := fmt.Sprintf("webhook.topics[%d]", i)
		switch {
		case !slices.Contains(known, topic):
			p.add(field, "must be one of %s", strings.Join(known, ", "))
		case slices.Index(w.Topics, topic) < i:
			p.add(field, "%s is given twice", topic)
		}
	}
}

func (e Email) check(p *Problems) {
	for i, recipient := range e.Recipients {
		address, err := mail.ParseAddress(recipient)
		if err != nil || address.Address != recipient {
			p.add(fmt.Sprintf("email.recipients[%d]", i), "must be an e-mail address without a name")
		}
		if slices.Contains(e.Recipients[:i], recipient) {
			p.add(fmt.Sprintf("email.recipients[%d]", i), "is there already")
		}
	}
	if e.AlertLimit < 0 {
		p.add("email.alert_limit", "must not be negative")
	}
	if strings.ContainsAny(e.Subject, "\r\n") {
		p.add("email.subject", "must be on one line")
	}
	for field, text := range map[string]string{"email.subject": e.Subject, "email.body": e.Body} {
		for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(EmailPlaceholders, found[1]) {
				p.add(field, "must not contain {%s}: there are {%s}", found[1], strings.Join(EmailPlaceholders, "}, {"))
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{([^{}\s]*)\}`)
