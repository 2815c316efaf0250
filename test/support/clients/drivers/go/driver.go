package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// patience is how long a request may wait for the server.
const patience = 5 * time.Second

// library does operations with one of the programming interfaces to JetStream.
type library interface {
	keyValue(ctx context.Context, c *connection, r request) (any, error)
	objects(ctx context.Context, c *connection, r request) (any, error)
	streams(ctx context.Context, c *connection, r request) (any, error)
}

// driver holds connections by the numbers that the other side chose.
type driver struct {
	library     library
	out         *output
	mutex       sync.Mutex
	connections map[int]*connection
}

func newDriver(library library, out *output) *driver {
	return &driver{library: library, out: out, connections: map[int]*connection{}}
}

// handle answers a request. Only publishing is done at once, so that it keeps its order: it does not wait for the server.
func (d *driver) handle(r request) {
	perform := func() {
		value, err := d.perform(r)
		d.out.answer(r.ID, value, err)
	}
	if r.Op == "publish" {
		perform()
	} else {
		go perform()
	}
}

func (d *driver) perform(r request) (any, error) {
	if r.Op == "connect" {
		return nil, d.connect(r)
	}
	c := d.connection(r.Connection)
	if c == nil {
		return nil, fmt.Errorf("no connection %d", r.Connection)
	}
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	switch {
	case strings.HasPrefix(r.Op, "kv"):
		return d.library.keyValue(ctx, c, r)
	case strings.HasPrefix(r.Op, "object"):
		return d.library.objects(ctx, c, r)
	case isMessaging(r.Op):
		return c.messaging(ctx, r)
	default:
		return d.library.streams(ctx, c, r)
	}
}

func (d *driver) connect(r request) error {
	c, err := connect(r, d.out)
	if err != nil {
		return err
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.connections[r.Connection] = c
	return nil
}

func (d *driver) connection(number int) *connection {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.connections[number]
}

func unknown(r request) error {
	return fmt.Errorf("no operation %s", r.Op)
}
