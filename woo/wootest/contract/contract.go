// Package contract states every behaviour of a WooCommerce store that Tandem relies on, as tests over plain HTTP. The
// simulator must pass it, and so must a real store: that is what makes the simulator worth testing against.
//
// The suite writes to the store and cleans up after itself. It is meant for a staging copy all the same: saving orders
// sends e-mails and moves stock in a real shop.
package contract

import "testing"

// Run checks the store at baseURL, e.g. "https://shop.example.com", with a read_write key. Over http it signs with
// OAuth 1.0a, over https it uses Basic.
func Run(t *testing.T, baseURL, key, secret string) {
	t.Helper()
	s := newStore(baseURL, key, secret)
	for _, part := range []struct {
		name string
		run  func(*testing.T, *store)
	}{
		{"Index", checkIndex},
		{"Refusal", checkRefusal},
		{"Paging", checkPaging},
		{"Fields", checkFields},
		{"Errors", checkErrors},
		{"Terms", checkTerms},
		{"Products", checkProducts},
		{"Variations", checkVariations},
		{"Batch", checkBatch},
		{"Stock", checkStock},
		{"SharedStock", checkSharedStock},
		{"Customers", checkCustomers},
		{"Coupons", checkCoupons},
		{"Orders", checkOrders},
		{"OrdersMadeElsewhere", checkOrdersMadeElsewhere},
		{"SoldVariations", checkSoldVariations},
		{"OrderTotals", checkOrderTotals},
		{"ShelfPrices", checkShelfPrices},
		{"TaxesAreSummedWhenRead", checkReadTaxes},
		{"Currencies", checkCurrencies},
		{"DecimalsOfTheDay", checkReadDecimals},
		{"WritesAtOtherDecimals", checkWritesAtOtherDecimals},
		{"Recalculation", checkRecalculation},
		{"Refunds", checkRefunds},
		{"Restock", checkRestock},
		{"Fulfillments", checkFulfillments},
		{"Trash", checkTrash},
		{"GoneProducts", checkGoneProducts},
		{"GoneRates", checkGoneRates},
		{"GoneCustomers", checkGoneCustomers},
		{"EscapedNames", checkEscapedNames},
		{"UncheckedBatches", checkUncheckedBatches},
		{"PlainPermalinks", checkPlainPermalinks},
		{"ModifiedAfter", checkModifiedAfter},
		{"Webhooks", checkWebhooks},
		{"WebhookRefusals", checkWebhookRefusals},
		{"WebhookTwins", checkWebhookTwins},
		{"WebhookPaging", checkWebhookPaging},
		{"WebhookBatch", checkWebhookBatch},
		{"Pictures", checkPictures},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, s) })
	}
}
