package main

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go"
)

// legacy is the interface that connections have themselves.
type legacy struct{}

// open returns the JetStream of a domain, or the account's own. Each question to the server may take half of the
// patience, since some functions go on without an answer to their first one.
func (legacy) open(c *connection, domain string) (nats.JetStreamContext, error) {
	options := []nats.JSOpt{nats.MaxWait(patience / 2)}
	if domain != "" {
		options = append(options, nats.Domain(domain))
	}
	return c.JetStream(options...)
}

func (l legacy) streams(ctx context.Context, c *connection, r request) (any, error) {
	js, err := l.open(c, r.Domain)
	if err != nil {
		return nil, err
	}
	switch r.Op {
	case "store":
		ack, err := js.PublishMsg(msgOf(r))
		if err != nil {
			return nil, err
		}
		return stored{ack.Stream, ack.Sequence}, nil
	case "readInOrder":
		bound := nats.BindStream(r.Stream)
		if len(r.Filters) == 1 {
			return l.readInOrder(ctx, js, r.Filters[0], r.Count, bound)
		}
		return l.readInOrder(ctx, js, "", r.Count, bound, nats.ConsumerFilterSubjects(r.Filters...))
	case "readBySubject":
		return l.readInOrder(ctx, js, r.Subject, r.Count)
	case "createDurable":
		_, err := js.AddConsumer(r.Stream, &nats.ConsumerConfig{
			Durable:       r.Name,
			FilterSubject: r.Filter,
			AckPolicy:     nats.AckExplicitPolicy,
		})
		return nil, err
	case "fetch":
		return l.fetch(js, r)
	case "updateDurable":
		info, err := js.ConsumerInfo(r.Stream, r.Name)
		if err != nil {
			return nil, err
		}
		config := info.Config
		config.MaxAckPending = r.MaxAckPending
		_, err = js.UpdateConsumer(r.Stream, &config)
		return nil, err
	case "deleteDurable":
		return nil, js.DeleteConsumer(r.Stream, r.Name)
	case "lookAt":
		info, err := js.StreamInfo(r.Stream)
		if err != nil {
			return nil, err
		}
		return info.Config.Name, nil
	case "message":
		return l.message(js, r)
	}
	return nil, unknown(r)
}

// readInOrder fails also when the consumer cannot be removed.
func (legacy) readInOrder(
	ctx context.Context, js nats.JetStreamContext, subject string, count int, options ...nats.SubOpt,
) (any, error) {
	subscription, err := js.SubscribeSync(subject, append(options, nats.OrderedConsumer())...)
	if err != nil {
		return nil, err
	}
	texts := []string{}
	for len(texts) < count {
		m, err := subscription.NextMsgWithContext(ctx)
		if err != nil {
			return nil, errors.Join(err, subscription.Unsubscribe())
		}
		texts = append(texts, encode(m.Data))
	}
	return texts, subscription.Unsubscribe()
}

// fetch subscribes with the filter of the consumer, which the library insists on when it can look at the consumer. A
// program knows the filter from its own configuration.
func (legacy) fetch(js nats.JetStreamContext, r request) (any, error) {
	info, err := js.ConsumerInfo(r.Stream, r.Durable)
	if err != nil {
		return nil, err
	}
	subscription, err := js.PullSubscribe(info.Config.FilterSubject, r.Durable, nats.Bind(r.Stream, r.Durable))
	if err != nil {
		return nil, err
	}
	defer subscription.Unsubscribe()
	messages, err := subscription.Fetch(r.Count)
	if err != nil && !errors.Is(err, nats.ErrTimeout) {
		return nil, err
	}
	texts := []string{}
	for _, m := range messages {
		if err := m.AckSync(); err != nil {
			return nil, err
		}
		texts = append(texts, encode(m.Data))
	}
	return texts, nil
}

func (legacy) message(js nats.JetStreamContext, r request) (any, error) {
	var found *nats.RawStreamMsg
	var err error
	if r.Last != "" {
		found, err = js.GetLastMsg(r.Stream, r.Last)
	} else {
		found, err = js.GetMsg(r.Stream, r.Sequence)
	}
	if err != nil {
		return nil, err
	}
	return encode(found.Data), nil
}

func (l legacy) keyValue(_ context.Context, c *connection, r request) (any, error) {
	js, err := l.open(c, r.Domain)
	if err != nil {
		return nil, err
	}
	bucket, err := js.KeyValue(r.Bucket)
	if err != nil {
		return nil, err
	}
	switch r.Op {
	case "kvGet":
		return l.get(bucket, r)
	case "kvPut":
		return bucket.Put(r.Key, r.Value)
	case "kvCreate":
		return bucket.Create(r.Key, r.Value)
	case "kvUpdate":
		return bucket.Update(r.Key, r.Value, r.Revision)
	case "kvDelete":
		return nil, bucket.Delete(r.Key)
	case "kvPurge":
		return nil, bucket.Purge(r.Key)
	case "kvKeys":
		return l.keys(bucket, r.Filter)
	case "kvHistory":
		entries, err := bucket.History(r.Key)
		if err != nil && !errors.Is(err, nats.ErrKeyNotFound) {
			return nil, err
		}
		return listOf(entries, l.entryOf), nil
	case "kvWatch":
		watcher, err := bucket.WatchFiltered(r.Keys)
		if err != nil {
			return nil, err
		}
		follow(c, r.Iteration, watcher.Updates(), watcher.Stop, l.entryOf)
		return nil, nil
	case "kvPurgeDeletes":
		return nil, bucket.PurgeDeletes(nats.DeleteMarkersOlderThan(-1))
	case "kvStatus":
		found, err := bucket.Status()
		if err != nil {
			return nil, err
		}
		return status{found.Bucket(), found.Bytes()}, nil
	}
	return nil, unknown(r)
}

func (l legacy) get(bucket nats.KeyValue, r request) (any, error) {
	var found nats.KeyValueEntry
	var err error
	if r.Revision != 0 {
		found, err = bucket.GetRevision(r.Key, r.Revision)
	} else {
		found, err = bucket.Get(r.Key)
	}
	if errors.Is(err, nats.ErrKeyNotFound) {
		return nil, nil
	}
	return l.entryOf(found), err
}

// keys lists the keys of a pattern as the library lists all keys: it has no function for some of them.
func (legacy) keys(bucket nats.KeyValue, filter string) (any, error) {
	watcher, err := bucket.Watch(filter, nats.IgnoreDeletes(), nats.MetaOnly())
	if err != nil {
		return nil, err
	}
	keys := []string{}
	for e := range watcher.Updates() {
		if e == nil {
			break
		}
		keys = append(keys, e.Key())
	}
	return keys, watcher.Stop()
}

func (legacy) entryOf(e nats.KeyValueEntry) *entry {
	return entryOf(e)
}

func (l legacy) objects(_ context.Context, c *connection, r request) (any, error) {
	js, err := l.open(c, r.Domain)
	if err != nil {
		return nil, err
	}
	store, err := js.ObjectStore(r.Store)
	if err != nil {
		return nil, err
	}
	switch r.Op {
	case "objectPut":
		info, err := store.PutBytes(r.Name, r.Data)
		return l.objectOf(info), err
	case "objectGet":
		data, err := store.GetBytes(r.Name)
		if errors.Is(err, nats.ErrObjectNotFound) {
			return nil, nil
		}
		return encode(data), err
	case "objectInfo":
		info, err := store.GetInfo(r.Name, nats.GetObjectInfoShowDeleted())
		if errors.Is(err, nats.ErrObjectNotFound) {
			return nil, nil
		}
		return l.objectOf(info), err
	case "objectList":
		infos, err := store.List()
		if err != nil && !errors.Is(err, nats.ErrNoObjectsFound) {
			return nil, err
		}
		return listOf(infos, l.objectOf), nil
	case "objectWatch":
		watcher, err := store.Watch()
		if err != nil {
			return nil, err
		}
		follow(c, r.Iteration, watcher.Updates(), watcher.Stop, l.objectOf)
		return nil, nil
	case "objectDelete":
		return nil, store.Delete(r.Name)
	case "objectStatus":
		found, err := store.Status()
		if err != nil {
			return nil, err
		}
		return status{found.Bucket(), found.Size()}, nil
	}
	return nil, unknown(r)
}

func (legacy) objectOf(info *nats.ObjectInfo) *object {
	if info == nil {
		return nil
	}
	return &object{info.Name, info.Size, info.Digest, info.Deleted}
}
