package mapping

import "tandem/woo"

// OriginalOf gives the product that one is a translation of; its own id where it is none, or the one in the store's language.
func OriginalOf(ec Context, p woo.Product) woo.ID {
	return p.Translations.Original(p.ID, string(p.Lang), ec.Instance.Store.Language)
}
