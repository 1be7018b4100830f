package erp

import "tandem/flow"

// Difference is a field in which the ERP's record and the store's differ.
type Difference = flow.Difference
