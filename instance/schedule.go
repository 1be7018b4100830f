package instance

// Kinds of schedule, one of each per instance.
const (
	OrderImport     = "order_import"      // new and changed orders
	CatalogueImport = "catalogue_import"  // what changed of everything else, so that new products park no orders
	CatalogueExport = "catalogue_export"  // what changed in the ERP of the catalogue, customers and coupons, as far as their export is on
	OrderStatusPush = "order_status_push" // how far orders have come in the ERP
	StockPush       = "stock_push"        // what is free of products whose stock moved in the ERP
)
