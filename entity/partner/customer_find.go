package partner

import (
	"context"
	"net/url"
	"strings"

	"tandem/entity/mapping"
	"tandem/woo"
)

// FindCustomers asks the store for the account with an e-mail address. All accounts are imported.
func FindCustomers(ctx context.Context, ec mapping.Context, email string) ([]mapping.StoreRecord, error) {
	page, err := ec.Store.Customers.List(ctx, woo.ListOptions{Params: url.Values{"email": {email}}})
	if err != nil {
		return nil, err
	}
	var found []mapping.StoreRecord
	for _, c := range page.Records {
		if strings.EqualFold(strings.TrimSpace(c.Email), email) { // some stores ignore what they are asked for
			found = append(found, mapping.Takes(mapping.CustomerName, c.ID.String()))
		}
	}
	return found, nil
}
