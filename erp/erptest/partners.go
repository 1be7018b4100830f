package erptest

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var partnerTests = []test{
	{"a new key takes over the partner with its e-mail", emailTakesOver},
	{"e-mails are compared without case", emailIgnoresCase},
	{"partners without e-mail stay apart", emptyEmailNeverMatches},
	{"an account never takes over another account's partner", accountsStayApart},
	{"accounts that swap e-mails stay who they are", accountsSwapEmails},
	{"an e-mail identifies within an instance only", emailStaysInShop},
	{"guests with one e-mail in one batch are one partner", guestsShareEmail},
	{"a known key keeps its partner when its e-mail changes", keyBeatsEmail},
	{"an e-mail given up no longer identifies", emailGivenUp},
	{"what an order says leaves an existing partner alone", keepExisting},
	{"what an order says makes a partner that is new", keepExistingCreates},
	{"addresses land under their own keys", addressesLand},
	{"addresses that are not named stay", addressesStay},
	{"an address follows its new partner", addressMoves},
	{"a bad address fails its partner only", badAddress},
	{"people and companies", peopleAndCompanies},
	{"a VAT number that cannot be one is kept as a note", vatNumbers},
	{"mapped fields land, and unknown ones name what exists", partnerFields},
	{"one e-mail under many keys in parallel is one partner", parallelEmail},
}

func emailTakesOver(t *testing.T, s shop) {
	guest := s.guest(1)
	first := land(t, s, putPartners, []erp.Partner{guest}, erp.Created)[0]

	second := land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Updated)[0]

	require.Equal(t, first.ID, second.ID)
	require.Equal(t, first.After, second.Before)
	require.Equal(t, []string{first.ID, first.ID}, lookup(t, s, guest.Key, s.customer(1).Key))
	land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Unchanged)
	land(t, s, putPartners, []erp.Partner{guest}, erp.Updated)
}

func emailIgnoresCase(t *testing.T, s shop) {
	first := land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)[0]
	other := s.guest(2)
	other.Email = strings.ToUpper(s.email(1))
	require.Equal(t, first.ID, land(t, s, putPartners, []erp.Partner{other}, erp.Updated)[0].ID)
}

func emptyEmailNeverMatches(t *testing.T, s shop) {
	one, two := s.customer(1), s.customer(2)
	one.Email, two.Email = "", ""
	outcomes := land(t, s, putPartners, []erp.Partner{one, two}, erp.Created, erp.Created)
	require.NotEqual(t, outcomes[0].ID, outcomes[1].ID)
}

// accountsStayApart lands an order of account 3 that bears the e-mail of account 1, before or after either of them.
func accountsStayApart(t *testing.T, s shop) {
	said := s.customer(3)
	said.Email, said.KeepExisting = s.email(1), true
	said.Addresses[0].Key = s.key("address", 13)
	said2 := s.customer(4)
	said2.Email, said2.KeepExisting = s.email(2), true
	said2.Addresses[0].Key = s.key("address", 14)
	all := []erp.Partner{s.customer(1), said, said2, s.customer(2), s.customer(3), s.customer(4)}
	ids := map[string]bool{}
	for i, status := range []erp.Status{erp.Created, erp.Created, erp.Created, erp.Created, erp.Updated, erp.Updated} {
		ids[land(t, s, putPartners, all[i:i+1], status)[0].ID] = true
	}
	require.Len(t, ids, 4, "four accounts are four partners")
	land(t, s, putPartners, all, times(len(all), erp.Unchanged)...)

	guest := s.guest(2)
	require.Equal(t, lookup(t, s, s.key("customer", 2))[0], land(t, s, putPartners, []erp.Partner{guest}, erp.Updated)[0].ID)
}

func accountsSwapEmails(t *testing.T, s shop) {
	before := land(t, s, putPartners, []erp.Partner{s.customer(1), s.customer(2)}, erp.Created, erp.Created)
	one, two := s.customer(1), s.customer(2)
	one.Email, two.Email = two.Email, one.Email
	after := land(t, s, putPartners, []erp.Partner{one, two}, erp.Updated, erp.Updated)
	require.Equal(t, []string{before[0].ID, before[1].ID}, []string{after[0].ID, after[1].ID})
	land(t, s, putPartners, []erp.Partner{two, one}, erp.Unchanged, erp.Unchanged)

	guest := s.guest(1)
	require.Equal(t, before[1].ID, land(t, s, putPartners, []erp.Partner{guest}, erp.Updated)[0].ID, "the e-mail is the other's now")
}

func emailStaysInShop(t *testing.T, s shop) {
	other := shop{Backend: s.Backend, Batcher: s.Batcher, instance: s.instance + "-2"}
	there := other.customer(1)
	there.Email = s.email(1)
	here := land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)[0]
	require.NotEqual(t, here.ID, land(t, other, putPartners, []erp.Partner{there}, erp.Created)[0].ID)
}

func guestsShareEmail(t *testing.T, s shop) {
	one, two := s.guest(1), s.guest(2)
	one.KeepExisting, two.KeepExisting = true, true
	two.Email = s.email(1)
	outcomes := land(t, s, putPartners, []erp.Partner{one, two}, erp.Created, erp.Updated)
	require.Equal(t, outcomes[0].ID, outcomes[1].ID)
	land(t, s, putPartners, []erp.Partner{one, two}, erp.Unchanged, erp.Unchanged)
	land(t, s, putPartners, []erp.Partner{two, one}, erp.Unchanged, erp.Unchanged)
}

func keyBeatsEmail(t *testing.T, s shop) {
	before := land(t, s, putPartners, []erp.Partner{s.customer(1), s.customer(2)}, erp.Created, erp.Created)
	moved := s.customer(2)
	moved.Email = s.email(1)
	after := land(t, s, putPartners, []erp.Partner{moved}, erp.Updated)[0]
	require.Equal(t, before[1].ID, after.ID)
}

func emailGivenUp(t *testing.T, s shop) {
	first := land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)[0]
	moved, heir := s.customer(1), s.customer(3)
	moved.Email, heir.Email = s.email(2), s.email(1)
	outcomes := land(t, s, putPartners, []erp.Partner{moved, heir}, erp.Updated, erp.Created)
	require.Equal(t, first.ID, outcomes[0].ID)
	follower := s.guest(4)
	follower.Email = s.email(2)
	require.Equal(t, first.ID, land(t, s, putPartners, []erp.Partner{follower}, erp.Updated)[0].ID)
}

func keepExisting(t *testing.T, s shop) {
	first := land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)[0]
	said := s.customer(1)
	said.KeepExisting, said.Name = true, "As typed at the checkout"
	land(t, s, putPartners, []erp.Partner{said}, erp.Unchanged)

	said.Addresses = append(said.Addresses, s.address(2))
	added := land(t, s, putPartners, []erp.Partner{said}, erp.Updated)[0]
	require.Equal(t, first.ID, added.ID)
	require.NotEqual(t, added.Before, added.After)
	land(t, s, putPartners, []erp.Partner{said}, erp.Unchanged)

	again := land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Unchanged)[0]
	require.Equal(t, first.After, again.After, "the customer's own record still counts")
}

func keepExistingCreates(t *testing.T, s shop) {
	said := s.customer(1)
	said.KeepExisting = true
	first := land(t, s, putPartners, []erp.Partner{said}, erp.Created)[0]
	own := s.customer(1)
	require.Equal(t, first.ID, land(t, s, putPartners, []erp.Partner{own}, erp.Unchanged)[0].ID)
	own.Name = "Own name"
	land(t, s, putPartners, []erp.Partner{own}, erp.Updated)
	land(t, s, putPartners, []erp.Partner{said}, erp.Unchanged)
}

func addressesLand(t *testing.T, s shop) {
	customer := s.customer(1)
	for i, kind := range []erp.AddressKind{erp.InvoiceAddress, erp.DeliveryAddress, erp.OtherAddress, erp.ContactAddress} {
		address := s.address(10 + i)
		address.Kind = kind
		customer.Addresses = append(customer.Addresses, address)
	}
	partner := land(t, s, putPartners, []erp.Partner{customer}, erp.Created)[0]
	seen := map[string]bool{}
	for _, id := range lookup(t, s, s.key("address", 1), s.key("address", 10), s.key("address", 13)) {
		require.NotEmpty(t, id)
		seen[id] = true
	}
	require.Len(t, seen, 3)
	customer.Addresses[2].Street = "2 Side Street"
	require.Equal(t, partner.ID, land(t, s, putPartners, []erp.Partner{customer}, erp.Updated)[0].ID)
}

func addressesStay(t *testing.T, s shop) {
	land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)
	before := lookup(t, s, s.key("address", 1))
	bare := s.customer(1)
	bare.Addresses = nil
	land(t, s, putPartners, []erp.Partner{bare}, erp.Unchanged)
	require.Equal(t, before, lookup(t, s, s.key("address", 1)))
}

func addressMoves(t *testing.T, s shop) {
	land(t, s, putPartners, []erp.Partner{s.customer(1)}, erp.Created)
	before := lookup(t, s, s.key("address", 1))
	heir := s.customer(2)
	heir.Addresses = []erp.Address{s.address(1)}
	land(t, s, putPartners, []erp.Partner{heir}, erp.Created)
	require.Equal(t, before, lookup(t, s, s.key("address", 1)))
	land(t, s, putPartners, []erp.Partner{heir}, erp.Unchanged)
}

func badAddress(t *testing.T, s shop) {
	bad := s.customer(2)
	bad.Addresses[0].Kind = "no such kind"
	land(t, s, putPartners, []erp.Partner{s.customer(1), bad, s.customer(3)}, erp.Created, erp.Failed, erp.Created)
	require.Equal(t, []string{"", ""}, lookup(t, s, bad.Key, bad.Addresses[0].Key))
}

func peopleAndCompanies(t *testing.T, s shop) {
	company := s.customer(1)
	company.Company, company.Name, company.TaxID, company.Language = true, "Acme SARL", "FR40303265045", "fr_FR"
	land(t, s, putPartners, []erp.Partner{company}, erp.Created)
	company.Company = false
	land(t, s, putPartners, []erp.Partner{company}, erp.Updated)
}

func partnerFields(t *testing.T, s shop) {
	customer := s.customer(1)
	customer.Fields = map[string]string{"tax_id": "FR40303265045", "x_loyalty": "gold"}
	land(t, s, putPartners, []erp.Partner{customer}, erp.Created)
	land(t, s, putPartners, []erp.Partner{customer}, erp.Unchanged)
	customer.Fields["x_loyalty"] = "silver"
	land(t, s, putPartners, []erp.Partner{customer}, erp.Updated)
	customer.Fields = map[string]string{"no_such_field": "1"}
	outcome := land(t, s, putPartners, []erp.Partner{customer}, erp.Failed)[0]
	require.Equal(t, "unknown_field", outcome.Code)
	require.Contains(t, outcome.Reason, "no_such_field")
	require.Contains(t, outcome.Reason, "tax_id", "the refusal says what exists")
	require.NotContains(t, outcome.Reason, customer.Name)
	require.NotContains(t, outcome.Reason, customer.Email)
}

func parallelEmail(t *testing.T, s shop) {
	const calls = 6
	ids, errs := make([]string, calls), make([]error, calls)
	var group sync.WaitGroup
	for call := range calls {
		guest := s.customer(1)
		guest.Key, guest.KeepExisting = s.key("guest", call), true
		guest.Addresses[0].Key = s.key("address", call)
		group.Go(func() {
			var outcomes []erp.Outcome
			for try := 0; try == 0 || try < 20 && fault.Retryable(errs[call]); try++ {
				outcomes, errs[call] = s.UpsertPartners(t.Context(), []erp.Partner{guest})
			}
			for _, outcome := range outcomes {
				ids[call] = outcome.ID
			}
		})
	}
	group.Wait()
	for call := range calls {
		require.NoError(t, errs[call])
		require.NotEmpty(t, ids[call])
		require.Equal(t, ids[0], ids[call], "guest %s", strconv.Itoa(call))
	}
}

// vatNumbers: a VAT number that cannot be one, by Tandem's look or by the ERP's own rules, refuses no customer (U11).
func vatNumbers(t *testing.T, s shop) {
	invalid := s.customer(1)
	invalid.InvalidTaxID = "FR12"
	outcome := land(t, s, putPartners, []erp.Partner{invalid}, erp.Created)[0]
	require.Equal(t, []string{"VAT number not valid: kept as a note on the contact"}, outcome.Steps)
	require.NotContains(t, outcome.Steps[0], invalid.InvalidTaxID)
	land(t, s, putPartners, []erp.Partner{invalid}, erp.Unchanged)
	wrong := s.customer(2)
	wrong.TaxID = "FR41303265045" // check digits of another number
	land(t, s, putPartners, []erp.Partner{s.customer(3), wrong}, erp.Created, erp.Created)
	land(t, s, putPartners, []erp.Partner{wrong}, erp.Unchanged)
	invalid.InvalidTaxID, invalid.TaxID = "", "FR40303265045"
	outcome = land(t, s, putPartners, []erp.Partner{invalid}, erp.Updated)[0]
	require.Empty(t, outcome.Steps)
}
