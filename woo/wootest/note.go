package wootest

import (
	"fmt"
	"net/http"
	"slices"
)

// note is a remark on an order, for the shop or for the customer.
type note struct {
	ID       int
	Author   string
	Text     string
	Customer bool
	created  int64
}

// systemUser signs the notes the shop writes itself.
const systemUser = "WooCommerce"

// maxNotes is how many note ids each seeded order has to itself.
const maxNotes = 4

func (s *Server) routeNotes() {
	s.router.at("orders/#/notes").on(http.MethodGet, s.listNotes).on(http.MethodPost, s.createNote)
	s.router.at("orders/#/notes/#").on(http.MethodGet, s.getNote).on(http.MethodDelete, s.deleteNote)
}

// notesOf gives the notes of an order, newest first.
func (s *Server) notesOf(orderID int) []note {
	if notes, stored := s.notes[orderID]; stored {
		return notes
	}
	if s.orders.isSeeded(orderID) {
		return s.seedNotes(orderID - s.orders.first)
	}
	return nil
}

func (s *Server) seedNotes(index int) []note {
	h := s.book.head(index)
	made := []note{{ID: index*maxNotes + 1, Author: systemUser, created: h.created,
		Text: "Order status changed from Pending payment to " + s.statusName(h.status) + "."}}
	if index%10 == 4 {
		made = append(made, note{ID: index*maxNotes + 2, Author: "Shop", Text: "Your parcel is on its way.", Customer: true,
			created: h.created + 300})
	}
	slices.Reverse(made)
	return made
}

func (s *Server) addNote(c *call, orderID int, remark string) {
	s.putNote(orderID, note{ID: take(&s.counters.note), Author: systemUser, Text: remark, created: c.now})
}

func (s *Server) putNote(orderID int, n note) {
	s.notes[orderID] = append([]note{n}, s.notesOf(orderID)...)
}

func (s *Server) findNotes(c *call) ([]note, error) {
	if s.orders.get(c.id(0)) == nil {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
	}
	return s.notesOf(c.id(0)), nil
}

func (s *Server) listNotes(c *call) (*reply, error) {
	notes, err := s.findNotes(c)
	if err != nil {
		return nil, err
	}
	kind := c.param("type")
	e := c.encoder()
	e.open('[')
	for _, n := range notes {
		if kind == "" || kind == "any" || (kind == "customer") == n.Customer {
			e.note(c, n)
		}
	}
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) createNote(c *call) (*reply, error) {
	if _, err := s.findNotes(c); err != nil {
		return nil, err
	}
	var in struct {
		Note     text    `json:"note"`
		Customer boolean `json:"customer_note"`
		ByUser   boolean `json:"added_by_user"`
	}
	if err := decode(c.body, &in); err != nil {
		return nil, err
	}
	if in.Note == "" {
		return nil, missingParam("note")
	}
	n := note{ID: take(&s.counters.note), Author: systemUser, Text: string(in.Note), Customer: bool(in.Customer), created: c.now}
	if in.ByUser {
		n.Author = "Shop"
	}
	s.putNote(c.id(0), n)
	return noteReply(c, http.StatusCreated, n), nil
}

func noteReply(c *call, status int, n note) *reply {
	e := c.encoder()
	e.note(c, n)
	return newReply(status, e.b)
}

func (s *Server) findNote(c *call) ([]note, int, error) {
	notes, err := s.findNotes(c)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(notes, func(n note) bool { return n.ID == c.id(1) })
	if at < 0 {
		return nil, 0, fail(http.StatusNotFound, "woocommerce_rest_invalid_id", "Invalid resource ID.")
	}
	return notes, at, nil
}

func (s *Server) getNote(c *call) (*reply, error) {
	notes, at, err := s.findNote(c)
	if err != nil {
		return nil, err
	}
	return noteReply(c, http.StatusOK, notes[at]), nil
}

func (s *Server) deleteNote(c *call) (*reply, error) {
	notes, at, err := s.findNote(c)
	if err != nil {
		return nil, err
	}
	if !truthy(c.param("force")) {
		return nil, noTrash("Order notes do not support trashing.")
	}
	s.notes[c.id(0)] = slices.Delete(slices.Clone(notes), at, at+1)
	return noteReply(c, http.StatusOK, notes[at]), nil
}

func (e *encoder) note(c *call, n note) {
	order := fmt.Sprintf("orders/%d", c.id(0))
	e.open('{')
	e.num("id", n.ID)
	e.str("author", n.Author)
	e.dates("date_created", n.created)
	e.str("note", n.Text)
	e.flag("customer_note", n.Customer)
	c.links(e, order+"/notes", n.ID, readDelete, order)
	e.close('}')
}
