package ledger

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func customer(id, email string) *erp.Partner {
	return &erp.Partner{Key: erp.Key{Instance: "demo", Entity: "customer", ID: id}, Name: "Customer " + id, Email: email}
}

func emptyBook() *partnerBook {
	return &partnerBook{byKey: map[erp.Key]*partner{}, byEmail: map[mailbox]*partner{}, addresses: map[erp.Key]*address{}}
}

func TestABookFollowsEmails(t *testing.T) {
	for _, test := range []struct {
		name    string
		records []*erp.Partner
		want    []int // which partner, numbered in the order they are made, each record ends up with
	}{
		{"one e-mail", []*erp.Partner{customer("1", "a@x"), customer("2", " A@X ")}, []int{0, 0}},
		{"two e-mails", []*erp.Partner{customer("1", "a@x"), customer("2", "b@x")}, []int{0, 1}},
		{"no e-mail", []*erp.Partner{customer("1", ""), customer("2", "")}, []int{0, 1}},
		{"changed e-mail", []*erp.Partner{customer("1", "a@x"), customer("1", "b@x"), customer("2", "a@x"), customer("3", "b@x")},
			[]int{0, 0, 1, 0}},
		{"e-mail of another", []*erp.Partner{customer("1", "a@x"), customer("2", "b@x"), customer("2", "a@x"), customer("3", "a@x")},
			[]int{0, 1, 1, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			book, number := emptyBook(), map[*partner]int{}
			var got []int
			for _, record := range test.records {
				draft, err := book.take(record)
				require.NoError(t, err)
				if _, ok := number[draft.partner]; !ok {
					number[draft.partner] = len(number)
				}
				got = append(got, number[draft.partner])
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestABookWritesContentOnce(t *testing.T) {
	book := emptyBook()
	for _, record := range []*erp.Partner{customer("1", "a@x"), customer("2", "a@x"), customer("3", "a@x")} {
		_, err := book.take(record)
		require.NoError(t, err)
	}
	require.Len(t, book.filled, 1)
	require.Equal(t, "Customer 3", book.filled[0].content.Name, "the last one counts")
	require.Len(t, book.bound, 3)
}
