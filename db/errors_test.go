package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/lib/pq"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestClassify(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"no rows":            {sql.ErrNoRows, fault.NotFound},
		"unique":             {&pq.Error{Code: "23505"}, fault.Conflict},
		"foreign key":        {&pq.Error{Code: "23503"}, fault.Conflict},
		"check":              {&pq.Error{Code: "23514"}, fault.Invalid},
		"not a uuid":         {&pq.Error{Code: "22P02"}, fault.Invalid},
		"no table":           {&pq.Error{Code: "42P01"}, fault.Unavailable},
		"no database":        {&pq.Error{Code: "3D000"}, fault.NotFound},
		"serialization":      {&pq.Error{Code: "40001"}, fault.Unavailable},
		"deadlock":           {&pq.Error{Code: "40P01"}, fault.Unavailable},
		"lock not available": {&pq.Error{Code: "55P03"}, fault.Unavailable},
		"idle in tx":         {&pq.Error{Code: "25P03"}, fault.Unavailable},
		"statement time-out": {&pq.Error{Code: "57014"}, fault.Unavailable},
		"shutting down":      {&pq.Error{Code: "57P01"}, fault.Unavailable},
		"too many clients":   {&pq.Error{Code: "53300"}, fault.Unavailable},
		"wrong password":     {&pq.Error{Code: "28P01"}, fault.Unauthorized},
		"syntax":             {&pq.Error{Code: "42601"}, fault.Internal},
		"broken connection":  {fmt.Errorf("query: %w", driver.ErrBadConn), fault.Unavailable},
		"cut reply":          {io.ErrUnexpectedEOF, fault.Unavailable},
		"refused":            {&net.OpError{Op: "dial", Err: errors.New("refused")}, fault.Unavailable},
		"deadline":           {context.DeadlineExceeded, fault.Unavailable},
		"unknown":            {errors.New("boom"), fault.Internal},
		"classified already": {fault.New(fault.Parked, "waits"), fault.Parked},
	} {
		t.Run(name, func(t *testing.T) {
			err := classify(tt.err, "reading")
			require.Equal(t, tt.kind, fault.KindOf(err))
			require.ErrorIs(t, err, tt.err)
		})
	}
	require.NoError(t, classify(nil, "reading"))
}

func TestClassifyQuotesNoValues(t *testing.T) {
	err := classify(&pq.Error{Code: "23505", Message: "duplicate key", Detail: "Key (name)=(Erika Mustermann) exists."}, "storing")

	require.Equal(t, "storing: it exists already", err.Error())
	var classified *fault.Error
	require.ErrorAs(t, err, &classified)
	require.Equal(t, "23505", classified.Code)
}
