package partnerbook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/partnerbook"
)

func customer(id, email string) *erp.Partner {
	return &erp.Partner{Key: erp.Key{Instance: "demo", Entity: "customer", ID: id}, Name: "Customer " + id, Email: email}
}

func guest(id, email string) *erp.Partner {
	return &erp.Partner{Key: erp.Key{Instance: "demo", Entity: "guest", ID: id}, Name: "Guest " + id, Email: email, Guest: true}
}

// keeping is what an order says of a customer.
func keeping(record *erp.Partner) *erp.Partner {
	record.KeepExisting = true
	return record
}

func located(record *erp.Partner, addresses ...erp.Address) *erp.Partner {
	record.Addresses = addresses
	return record
}

func address(id, city string) erp.Address {
	return erp.Address{Key: erp.Key{Instance: "demo", Entity: "address", ID: id}, Kind: erp.InvoiceAddress, City: city}
}

func mailbox(record *erp.Partner) string { return partnerbook.EmailKey(record.Email) }

func takeAll(t *testing.T, b *partnerbook.Book, records ...*erp.Partner) []*partnerbook.Draft {
	t.Helper()
	drafts := make([]*partnerbook.Draft, len(records))
	for i, record := range records {
		var err error
		drafts[i], err = b.Take(record)
		require.NoError(t, err)
	}
	return drafts
}

// withHeld gives a book with one partner, under customer 1 and, where it is given, an e-mail.
func withHeld(email string) (*partnerbook.Book, *partnerbook.Partner) {
	book := partnerbook.New(mailbox)
	held := &partnerbook.Partner{ID: 9, Digest: "own"}
	book.EnterKey(customer("1", "").Key, held)
	if email != "" {
		book.EnterMailbox(email, held)
	}
	return book, held
}

func TestABookFollowsEmails(t *testing.T) {
	for _, test := range []struct {
		name    string
		records []*erp.Partner
		want    []int // which partner, numbered in the order they are made, each record ends up with
	}{
		{"one e-mail", []*erp.Partner{guest("1", "a@x"), guest("2", " A@X ")}, []int{0, 0}},
		{"two e-mails", []*erp.Partner{customer("1", "a@x"), guest("2", "b@x")}, []int{0, 1}},
		{"no e-mail", []*erp.Partner{guest("1", ""), customer("2", " ")}, []int{0, 1}},
		{"changed e-mail", []*erp.Partner{customer("1", "a@x"), customer("1", "b@x"), guest("2", "a@x"), guest("3", "b@x")},
			[]int{0, 0, 1, 0}},
		{"e-mail of another", []*erp.Partner{customer("1", "a@x"), customer("2", "b@x"), customer("2", "a@x"), guest("3", "a@x")},
			[]int{0, 1, 1, 0}},
		{"what an order says", []*erp.Partner{customer("1", "a@x"), keeping(customer("1", "b@x")), guest("2", "b@x")}, []int{0, 0, 1}},
		{"a guest makes an account", []*erp.Partner{guest("1", "a@x"), customer("2", "a@x"), guest("1", "a@x")}, []int{0, 0, 0}},
		{"an account orders as a guest", []*erp.Partner{customer("1", "a@x"), keeping(guest("2", "a@x"))}, []int{0, 0}},
		{"two accounts with one e-mail", []*erp.Partner{customer("1", "a@x"), customer("2", "a@x"), guest("3", "a@x")}, []int{0, 1, 0}},
		{"a guest with the e-mail of two accounts", []*erp.Partner{guest("3", "a@x"), customer("1", "a@x"), customer("2", "a@x")},
			[]int{0, 0, 1}},
		{"an order bears the e-mail of a landed account", []*erp.Partner{customer("1", "a@x"), keeping(customer("3", "a@x")),
			customer("3", "c@x"), guest("4", "c@x"), guest("5", "a@x")}, []int{0, 1, 1, 1, 0}},
		{"an order bears the e-mail of an account that lands later", []*erp.Partner{keeping(customer("3", "a@x")), customer("1", "a@x"),
			customer("3", "c@x"), guest("4", "a@x"), guest("5", "c@x")}, []int{0, 1, 0, 1, 0}},
		{"an account takes the e-mail that another gave up", []*erp.Partner{customer("1", "a@x"), customer("1", "b@x"), customer("2", "a@x")},
			[]int{0, 0, 1}},
		{"swapped e-mails", []*erp.Partner{customer("1", "a@x"), customer("2", "b@x"), customer("1", "b@x"), customer("2", "a@x"),
			guest("3", "a@x"), guest("4", "b@x")}, []int{0, 1, 0, 1, 1, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			number := map[*partnerbook.Partner]int{}
			var got []int
			for _, d := range takeAll(t, partnerbook.New(mailbox), test.records...) {
				if _, ok := number[d.Partner]; !ok {
					number[d.Partner] = len(number)
				}
				got = append(got, number[d.Partner])
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestAnAccountHeldInTheERPIsNotTakenOver(t *testing.T) {
	for name, test := range map[string]struct {
		record *erp.Partner
		same   bool
	}{
		"another account":              {customer("2", "a@x"), false},
		"what an order says of one":    {keeping(customer("2", "a@x")), false},
		"a guest":                      {guest("2", "a@x"), true},
		"the account itself":           {customer("1", "other@x"), true},
		"an account of another shop's": {&erp.Partner{Key: erp.Key{Instance: "shop", Entity: "customer", ID: "2"}, Email: "a@x"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			book := partnerbook.New(mailbox)
			held := &partnerbook.Partner{ID: 9, Digest: "own"}
			book.EnterMailbox("a@x", held)
			book.EnterAccount("demo", held)
			if test.record.Key.ID == "1" {
				book.EnterKey(test.record.Key, held)
			}
			require.Equal(t, test.same, takeAll(t, book, test.record)[0].Partner == held)
		})
	}
}

func TestABookWritesContentOnce(t *testing.T) {
	book := partnerbook.New(mailbox)
	takeAll(t, book, guest("1", "a@x"), customer("2", "a@x"), guest("3", "a@x"))
	require.Len(t, book.Partners, 1)
	require.Equal(t, "Guest 3", book.Partners[0].Content.Name, "the last one counts")
	require.Len(t, book.Partners[0].Keys, 3)
}

func TestAnEmailGivenUpFindsNobody(t *testing.T) {
	book, held := withHeld("old@x")
	drafts := takeAll(t, book, customer("1", "new@x"), customer("2", "old@x"))
	require.Equal(t, []string{"old@x"}, held.Dropped)
	require.Equal(t, "new@x", held.Mailbox)
	require.Equal(t, erp.Created, drafts[1].Outcome().Status)
}

// An account whose e-mail an order of another account bore first takes it once the other has given it up.
func TestAnEmailThatIsFreeFindsTheAccountThatBearsIt(t *testing.T) {
	same := customer("1", "ann@x")
	book, held := withHeld("")
	held.Digest = takeAll(t, partnerbook.New(mailbox), same)[0].Partner.Digest
	drafts := takeAll(t, book, same, guest("3", "ann@x"))
	require.Equal(t, erp.Unchanged, drafts[0].Outcome().Status)
	require.Equal(t, "ann@x", held.Mailbox)
	require.True(t, held.Claimed)
	require.Same(t, held, drafts[1].Partner)
}

func TestStatuses(t *testing.T) {
	same := customer("1", "")
	digest := takeAll(t, partnerbook.New(mailbox), same)[0].Partner.Digest
	for name, c := range map[string]struct {
		record *erp.Partner
		digest string // of what is held
		want   erp.Status
		wrote  bool
	}{
		"a new one":                     {customer("2", ""), digest, erp.Created, true},
		"the same":                      {same, digest, erp.Unchanged, false},
		"other content":                 {same, "own", erp.Updated, true},
		"what an order says":            {keeping(customer("1", "")), "own", erp.Unchanged, false},
		"an address that is new":        {located(customer("1", ""), address("5", "Rome")), digest, erp.Updated, false},
		"another key finds it by email": {keeping(guest("3", "ann@x")), "own", erp.Updated, false},
	} {
		t.Run(name, func(t *testing.T) {
			book, held := withHeld("ann@x")
			held.Digest = c.digest
			d := takeAll(t, book, c.record)[0]
			outcome := d.Outcome()
			require.Equal(t, c.want, outcome.Status)
			require.Equal(t, c.want == erp.Created, outcome.Before == "")
			require.Equal(t, c.wrote, d.Partner.Content != nil)
		})
	}
}

func TestAddressesMoveWithTheirPartner(t *testing.T) {
	book, held := withHeld("")
	first := address("5", "Rome")
	takeAll(t, book, located(keeping(customer("1", "")), first, address("6", "Bonn")))
	require.Len(t, book.Moved, 2)
	require.True(t, book.Moved[0].Created)

	known := &partnerbook.Address{Key: first.Key, ID: 50, Owner: held, Digest: book.Moved[0].Digest}
	for name, c := range map[string]struct {
		record *erp.Partner
		moved  int
	}{
		"the same":        {located(keeping(customer("1", "")), first), 0},
		"another content": {located(keeping(customer("1", "")), address("5", "Oslo")), 1},
		"another partner": {located(customer("2", ""), first), 1},
	} {
		t.Run(name, func(t *testing.T) {
			book, at := withHeld("")
			entered := *known
			entered.Owner = at
			book.EnterAddress(&entered)
			d := takeAll(t, book, c.record, c.record)[0]
			require.Len(t, book.Moved, c.moved)
			require.Same(t, d.Partner, entered.Owner)
		})
	}
}

func TestAnAddressThatIsRefusedFailsItsPartner(t *testing.T) {
	book, held := withHeld("")
	d := takeAll(t, book, located(keeping(customer("1", "")), address("5", "Rome")))[0]
	require.Equal(t, erp.Updated, d.Outcome().Status)

	book.Moved[0].Refused = landing.Failed("refused", "no")
	outcome := d.Outcome()
	require.Equal(t, erp.Failed, outcome.Status)
	require.NotEmpty(t, outcome.Before)
	require.Equal(t, outcome.Before, outcome.After)

	held.Refused = landing.Parked("waits", "later")
	require.Equal(t, erp.Parked, d.Outcome().Status, "what the partner itself lacks comes first")
}

func TestANewPartnerThatIsRefusedHoldsNothing(t *testing.T) {
	d := takeAll(t, partnerbook.New(mailbox), customer("1", ""))[0]
	d.Partner.Refused = landing.Failed("refused", "no")
	require.Empty(t, d.Outcome().Before+d.Outcome().After+d.Outcome().ID)
}
