# Highwater, English. Kafka's terms stay as Kafka spells them.

## Units
unit-days = d
unit-hours = h
unit-minutes = min
unit-seconds = s
unit-milliseconds = ms
unit-microseconds = µs
unit-bytes = B
unit-per-second = /s

## What things are
kind-producer = producer
kind-consumer = consumer
kind-broker = broker
kind-controller = KRaft
kind-partition = partition
kind-record = record
kind-message = message
state-stopping = stopping
state-stopped = stopped
state-crashed = crashed
state-fenced = fenced
state-paused = paused, { $span }
state-no-power = no power
state-disk-full = disk full
state-slow-disk = slow disk
state-slow-network = slow network

## Inspector
inspector-empty = Click a card, a cell or a flying message to see what it is.
inspector-gone = What was selected is no longer there. Select something else.
inspector-actions = Actions
inspector-topic = Topic
inspector-topics = Topics
inspector-group = Group
inspector-generation = Generation
inspector-member-state = Member state
inspector-in-flight = Requests in flight
inspector-buffer = buffer.memory in use
inspector-buffered = Fetched, not yet polled
inspector-assignment = Partitions
inspector-none = none
inspector-partitions-led = Leads
inspector-partitions-followed = Follows
inspector-session = Session at the controller
inspector-session-left = { $span } left
action-send = Send a record…
action-kill = Kill
action-power-off = Cut the power
action-stop = Stop
action-start = Start
action-crash = Crash
action-close = Close
action-remove = Remove

## Faults: the same control begins and ends one
faults-title = Break something
faults-links = Connections
fault-pause = Pause
fault-pause-how = as a long GC, up to { $span }
fault-network = Slow network
fault-network-how = + { $span }/packet
fault-disk = Slow disk
fault-disk-how = + { $span }/write
fault-full = Full disk
fault-full-how = the next write fails
link-whole = whole
link-slow = slow: + { $span }
link-cut = cut
link-cut-to = cut to { $node }
link-cut-from = cut from { $node }
link-waiting = { $count } waiting

## Knobs
knobs-label = Settings
knobs-application = The application
knob-default = default { $value }
knob-default-null = not set by default
knob-required = required
knob-changed = changed
knob-reset = Back to the default
knob-more = { $count ->
    [one] { $count } more setting at its default
   *[other] { $count } more settings at their defaults
}
knob-show = show
knob-hide = hide
knob-restarts = A change closes the client and starts it again, as in life.
knobs-locked = This lesson locks what it is not about, so that one thing changes at a time. “Open in sandbox” unlocks everything.
knob-locked = locked in this lesson
knob-live = A change takes effect at once.
knob-idempotence-off = Switched off silently: acks is not all, or retries is 0.
knob-topic = Settings of topic { $topic }
knob-brokers = Settings of all brokers
knob-rate = records a second
knob-rate-meaning = How often the application calls send(); 0 only on command
knob-rate-invalid = A number of records from 0 to 100000.
knob-processing = processing
knob-processing-meaning = Time the application takes for each record
knob-processing-invalid = Whole milliseconds, 0 or more.
knob-commit = commit
knob-commit-meaning = When and how the application commits offsets
commit-auto = auto (enable.auto.commit)
commit-before-sync = commitSync() before processing
commit-before-async = commitAsync() before processing
commit-after-sync = commitSync() after processing
commit-after-async = commitAsync() after processing
commit-never = never

## Send a record
send-key = Key
send-value = Value
send-partition = Partition
send-partition-auto = by the partitioner
send-null = empty: null
send-send = Send
send-invalid-partition = This topic has no such partition.

## Partition
partition-leader = Leader
partition-no-leader = none: nobody can write or read
partition-epoch = Leader epoch
partition-isr = ISR
partition-elr = ELR
partition-replicas = Replicas
partition-replica = Broker
partition-role = Role
partition-leo = LEO
partition-hw = HW
partition-in-isr = in ISR
partition-in-elr = in ELR
partition-out-of-isr = out of ISR
partition-role-leader = leader
partition-role-follower = follower
partition-groups = Groups
partition-committed = Committed
partition-lag = Lag

## Record
record-title = Record { $id }
record-key = Key
record-value = Value
record-header = Header
record-timestamp = Timestamp
record-batch = Batch
record-batch-of = { records-count }, { $bytes } B
record-producer = Producer
record-place = Place
record-place-none = not in a log
record-fate = Its fate so far
record-groups = Groups
record-unknown = This record is not known any more: the ledger keeps the newest ones.
record-no-record = No record is at this offset now.
record-copies = { $count ->
    [one] on { $count } replica
   *[other] on { $count } replicas
}
outcome-in-flight = on its way: the producer knows nothing yet
outcome-acknowledged = acknowledged
outcome-lost = acknowledged, then lost
outcome-removed = acknowledged; since removed from the log
outcome-failed = failed: the producer gave it up
outcome-failed-but-written = failed for the producer, but written
step-produced = the application called send()
step-batched = put into a batch of partition { $partition }
step-sent = { $attempts ->
    [one] sent
   *[other] sent ({ $attempts } times so far)
}
step-refused = refused: { $error }
step-appended = appended by the leader at offset { $offset }, epoch { $epoch }
step-appended-in-vain = appended at offset { $offset }, epoch { $epoch }; that place is gone
step-visible = below the high watermark: consumers see it
step-acknowledged = the producer has its acknowledgement (acks={ $acks })
step-failed = the producer gave it up: { $reason }
step-lost = lost: { $cause }
step-removed = removed from the log: { $cause }
step-processed = processed by { $group }
group-fate-delivered = delivered
group-fate-processed = processed
group-fate-skipped = skipped
group-fate-times = { $count }×

## Message
message-request = { $api } request
message-response = { $api } response
message-from = From
message-to = To
message-sent = Sent
message-arrives = Arrives
message-flight = Flight
message-size = Size
message-records = Records
message-partition = Partition
message-error = Error

## Bottom
bottom-label = What happened
tab-events = Event log
tab-verdict = Verdict
tab-metrics = Metrics

## Event log
events-empty = Nothing notable has happened yet. Kill a broker, or change a setting.
events-show-cause = Show what led to it
events-chain = What led to it
events-newest = Back to the newest

## Verdict
verdict-empty = No records yet. Let time run, or send one.
verdict-produced = produced
verdict-acknowledged = acknowledged
verdict-in-flight = not answered yet
verdict-lost = lost after acknowledgement
verdict-removed = removed by retention or compaction
verdict-failed = failed
verdict-failed-but-written = failed, but written all the same
verdict-duplicated = written twice
verdict-reordered = out of order for a key
verdict-group = Group { $group }
verdict-delivered = delivered
verdict-processed = processed
verdict-repeated = processed twice
verdict-skipped = skipped
verdict-lag = lag
verdict-examples = Examples
verdict-example = record { $id }
cause-acks-1 = acks=1, the leader died alone with it
cause-acks-0 = acks=0, nobody had promised anything
cause-unclean-election = unclean election
cause-power-loss = lost with the power, before it was flushed
cause-zombie-leader = taken by a leader whose term was over
cause-unexplained = unexplained
cause-retry-without-idempotence = a retry without idempotence
cause-epoch-bump = the producer's epoch began anew
cause-retry-behind-others = a retry overtaken by later batches
cause-crash-before-commit = crash before the commit
cause-rebalance = rebalance before the commit
cause-session-expired = session.timeout.ms ran out
cause-poll-interval-exceeded = max.poll.interval.ms ran out
cause-offset-reset = auto.offset.reset set the position back
cause-written-twice = it is in the log twice
cause-committed-before-processing = committed before processing
cause-reset-to-latest = auto.offset.reset=latest started behind it
cause-removed-before-reading = removed from the log before the group came to read it
cause-retention-ms = older than retention.ms
cause-retention-bytes = the log had outgrown retention.bytes
cause-delete-records = DeleteRecords
cause-compaction = compaction: there is a newer record of its key, or the tombstone had done its work
cause-expired-in-flight = delivery.timeout.ms ran out, sent before
cause-expired-unsent = delivery.timeout.ms ran out, never sent
cause-producer-gone-in-flight = the producer went away, sent before
cause-producer-gone-unsent = the producer went away, never sent
cause-buffer-exhausted = buffer.memory full for max.block.ms
cause-no-metadata = no metadata within max.block.ms
cause-record-too-large = record too large

## Metrics
metrics-produced = produced
metrics-acknowledged = acknowledged
metrics-latency = produce latency
metrics-latency-p50 = p50
metrics-latency-p99 = p99
metrics-lag = lag of { $group }

## Lesson
lesson-none-title = Look, turn, break
lesson-none-text = A small Kafka cluster is running. Producers on the left send records, brokers in the middle keep and copy them, consumers on the right read them. Click anything to see its settings and what can be broken there; kill a broker and read in the verdict what became of every record.
lesson-place = { $chapter } · { $number }
lesson-done = done
lesson-sandbox = Open in sandbox
lesson-restart = Start over
lesson-hint = Hint
lesson-next-hint = Next hint
lesson-predict = Predict first
lesson-predicted = You predicted: { $answer }
lesson-prediction-right = Your prediction was right.
lesson-prediction-wrong = It went otherwise than you predicted.
lesson-goals = Goals
lesson-goal-met = met
lesson-goal-open = open
lesson-goal-active = in progress
lesson-goal-met-at = at { $time }
lesson-goal-failed = Not yet: { $reason } It counts anew from here.
lesson-goal-progress = { $done } of { $target }
lesson-take-away = Take away
lesson-chapter-1 = 1 Basics
lesson-chapter-2 = 2 Producing
lesson-chapter-3 = 3 Replication
lesson-chapter-4 = 4 Consuming
lesson-chapter-5 = 5 Errors
lesson-chapter-6 = 6 The log
lesson-chapter-7 = 7 Exactly once
lesson-chapter-8 = 8 Incidents
lesson-loading = Loading the lessons…
lesson-not-loaded = The lesson could not be loaded: { $reason }. Load the page again.
lesson-begin = Begin
lesson-go-on = Go on
lesson-all-done = All lessons are done. The cluster is yours.
lesson-started = begun
lesson-done-of = { $done } of { $all }
lesson-steps = Other lessons
lesson-previous = Previous
lesson-next = Next
lesson-map = All lessons
lesson-sandbox-why = The cluster goes on as it is, and nothing is locked
lesson-show = Show it
lesson-goal-show = Show what happened then
lesson-goal-failed-now = failed for now
lesson-goal-step = step { $done } of { $target }
lesson-progress = Your progress
lesson-progress-text = It is kept in this browser only. Take it along as a file, or bring it back.
lesson-export = Export
lesson-import = Import
lesson-reset = Reset
lesson-reset-sure = Forget everything?
lesson-imported = Your progress is back.
lesson-not-imported = This file holds no progress of Highwater.
lesson-forgotten = Everything is forgotten.

## Frame
pane-lesson = Lesson
pane-side = Selected
pane-bottom = Events and verdict
tabs-label = Panels
header-what = a Kafka cluster to watch, turn and break
header-language = Language
language-missing = The texts of this language cannot be fetched just now ({ $reason }). Try again when the page’s host is in reach.
theme-system = Theme: as the system (press for light)
theme-light = Theme: light (press for dark)
theme-dark = Theme: dark (press for the system's)
notice-dismiss = Close this message

## Transport
transport-label = Time
transport-play = Play (space)
transport-pause = Pause (space)
transport-step = One step: to the next arrival of a message (.)
transport-next = next event
transport-next-why = Runs fast to the next notable event, then pauses (n)
transport-clock = Virtual time
transport-nothing = Nothing notable happened in 10 minutes of virtual time. Break something, or change a setting.
speed-label = Speed
speed-slower = Slower ([)
speed-faster = Faster (])
speed-behind = behind
speed-behind-why = The model cannot keep up with this speed: time runs slower than asked
speed-thousandth = speed 1/1000
speed-hundredth = speed 1/100
speed-thirtieth = speed 1/30
speed-tenth = speed 1/10
speed-third = speed 1/3
speed-real = real time
speed-ten = 10 s a second
speed-minute = 1 min a second
speed-hour = 1 hour a second
speed-day = 1 day a second
speed-week = 1 week a second
timeline-label = Timeline of the run
mark-killed = { $node } killed
mark-stopped = { $node } stopped
mark-started = { $node } started
mark-cut = link { $from } – { $to } cut
mark-elected = { $tp }: leader { $leader }
mark-leaderless = { $tp }: no leader
mark-isr = { $tp }: ISR { $size }
mark-rebalance = { $group }: rebalance
mark-lost = { $records } lost

## Stage
stage-label = Cluster
stage-producers = Producers
stage-brokers = Brokers
stage-consumers = Consumers
stage-no-producers = No producers. Add one with +.
stage-no-consumers = No consumers. Add one with +.
add-producer = Add a producer
add-broker = Add a broker
add-consumer = Add a consumer
act-kill = Kill { $node }
act-stop = Stop { $node } in good order
act-start = Start { $node }
act-close = Close { $node }
act-crash = Crash { $node }
act-remove = Remove { $node }
controller-name = controller
controller-none = no active controller: metadata stand still
controller-live = live { $live } of { $all }
broker-leads = leader of { $leads } of { $replicas }
broker-empty = No replicas yet.
role-leader = leader
role-follower = follower
strip-before = , { $role }, log end
strip-before-outside = , { $role },
strip-after = , high watermark { $hw }
strip-outside = out of ISR
producer-summary = acks={ $acks } · linger { $linger } ms
producer-no-topic = Its topic does not exist yet.
queue-records = { $records } records waiting
consumer-summary = group { $group } · gen { $generation }
consumer-summary-out = group { $group }
consumer-idle = no partitions
consumer-work = to do { $waiting } · buffer { $buffered }
member-unjoined = joining
member-rebalancing = rebalancing
ring-poll = poll
ring-poll-why = Time left until max.poll.interval.ms runs out
ring-session = session
ring-session-why = Time left until session.timeout.ms runs out without a heartbeat
ring-commit = commit
ring-commit-why = Time left until poll() may auto-commit
toolbar-label = What the stage shows
layer-produce = produce
layer-replication = replication
layer-fetch = fetch
layer-group = group and commits
layer-control = heartbeats and metadata
toolbar-table = table
toolbar-internal = internal topics
twin-title = Table of partitions and offsets
twin-partition = Partition
twin-broker = Broker
twin-role = Role
twin-isr = ISR
twin-epoch = Epoch
twin-start = Log start
twin-hw = High watermark
twin-leo = Log end
twin-committed = Committed by group
twin-in = in
twin-out = out
twin-cut = { $from } → { $to }: cut
twin-slow = { $from } → { $to }: slow
twin-waiting = { $from } → { $to }: messages waiting: { $count }

## Events: ids and arguments come from the model
records-count = { $records ->
    [one] { $records } record
   *[other] { $records } records
}
event-command = command: { $command }
event-place = { $partition } at { $offset }
event-command-refused = refused: { $command }: { $reason }
event-node-started = { $node } started
event-node-killed = { $node } killed: what it held in memory is gone
event-power-lost = { $node } lost power: what it had not flushed is gone, and nobody is told
event-node-paused = { $node } is paused for { $time }: it hears nothing, and its timers wait
event-node-resumed = { $node } goes on, with all that came meanwhile
event-link-slowed = the network from { $from } to { $to } takes { $time } longer
event-node-slowed = the network of { $node } takes { $time } longer
event-disk-slowed = the disk of { $node } takes { $time } longer for each write
event-link-slow-no-more = the network from { $from } to { $to } is slow no more
event-node-slow-no-more = the network of { $node } is slow no more
event-disk-slow-no-more = the disk of { $node } is slow no more
event-disk-filled = the disk of { $node } is full
event-disk-freed = the disk of { $node } has room again
event-log-dir-failed = { $node } could not write: its only log directory is offline, so it halts
event-node-stopped = { $node } stopped
event-link-cut = the network from { $from } to { $to } is cut
event-link-healed = the network from { $from } to { $to } is healed
event-config-changed = { $scope }: { $key }={ $value }
event-config-reset = { $scope }: { $key } back to its default
event-broker-registered = { $broker } registered with broker epoch { $epoch }
event-controller-elected = { $node } is the active controller, in epoch { $epoch }
event-controller-resigned = { $node } is the active controller no longer; it was so in epoch { $epoch }
event-broker-fenced = { $broker } fenced: no heartbeat for broker.session.timeout.ms
event-broker-unfenced = { $broker } unfenced: it may lead and follow
event-controlled-shutdown = { $broker } shuts down: its partitions get other leaders
event-topic-created = topic { $topic } created, partitions: { $partitions }
event-no-leader = { $partition } has no leader: nobody is alive who has all that was committed
event-leader-elected-uncleanly = { $partition }: { $leader } leads in epoch { $epoch } from outside the ISR: committed records may be gone; ISR { $isr }
event-leader-elected = { $partition }: { $leader } leads in epoch { $epoch }; ISR { $isr }
event-isr-shrunk = { $partition }: { $removed } left the ISR ({ $cause }); ISR { $isr }
event-isr-expanded = { $partition }: { $added } is in the ISR again; ISR { $isr }
event-elr-changed = { $partition }: eligible leader replicas (ELR) { $elr }
event-elr-changed-leaderless = { $partition }: eligible leader replicas (ELR) { $elr }; { $leader } led last
event-became-leader = { $node } leads { $partition } in epoch { $epoch } from offset { $offset } on
event-became-follower = { $node } follows { $leader } in { $partition }, epoch { $epoch }
event-batch-appended = { $node } appended { records-count } to { $partition } at offset { $offset }, epoch { $epoch }
event-batch-replicated = { $node } copied offsets { $from } to { $to } of { $partition }
event-append-refused = { $node } refused { records-count } for { $partition }: { $cause }
event-duplicate-discarded = { $node } had { records-count } of { $partition } at offset { $offset } already: a retry, answered and not appended
event-high-watermark-advanced = { $node }: high watermark of { $partition } from { $from } to { $to }
event-log-truncated = { $node } cut its log of { $partition } from { $from } back to { $to }
event-log-start-raised = { $node }: the log of { $partition } begins at { $to }, no longer at { $from }: { $cause }
event-log-cleaned = { $node } compacted its log of { $partition } up to offset { $to }: { $before } bytes are { $after } now, { $count } records are gone
event-unflushed-lost = { $node } lost the end of its log of { $partition } with the power: it ended at { $from }, on disk it ends at { $to }
event-record-produced = { $node } sends record { $record } to { $topic }
event-record-batched = { $node }: record { $record } is in a batch of { $partition }
event-batch-sent = { $node } sent { records-count } of { $partition } to { $to }, attempt { $attempt }
event-batch-acknowledged-blindly = { $node }: { records-count } of { $partition } acknowledged with acks={ $acks }, offset unknown
event-batch-acknowledged = { $node }: { records-count } of { $partition } acknowledged with acks={ $acks } at offset { $offset }
event-batch-retried = { $node } will send { records-count } of { $partition } again in { $backoff } ms, attempts so far { $attempts }: { $cause }
event-batch-failed = { $node } gave up { records-count } of { $partition }: { $cause }
event-record-failed = { $node } gave up record { $record }: { $cause }
event-disconnected = { $node }: connection to { $peer } broke
event-request-timed-out = { $node }: no response from { $peer } within request.timeout.ms; it closes the connection
event-rebalance-started = group { $group } rebalances after generation { $generation }: { $cause }
event-group-stable = group { $group } is stable in generation { $generation }; { $assignment }
event-group-empty = group { $group } is empty, generation { $generation }
event-member-removed = { $member } is out of group { $group }: { $cause }
event-offsets-committed = group { $group }: { $member } committed { $offsets }
event-partitions-assigned = { $node } got { $partitions } in generation { $generation } of group { $group }
event-partitions-revoked = { $node } gave back { $partitions } of group { $group }
event-partitions-lost = { $node } lost { $partitions } of group { $group }: it was no member any more
event-position-committed = { $node } reads { $partition } from { $offset } on: committed
event-position-reset = { $node } reads { $partition } from { $offset } on: auto.offset.reset={ $policy }
event-position-truncated = { $node } goes back to { $offset } in { $partition }: the log was truncated there
event-read-replica-follower = { $node } reads { $partition } from the follower { $replica }: it is in the same rack
event-read-replica-leader = { $node } reads { $partition } from the leader again
event-position-out-of-range = { $node }: { $partition } has no offset { $offset } any more
event-records-delivered = { $node }: poll() returned { $count } records of { $partition } from offset { $offset } on
event-record-processed = { $node } processed record { $record } of { $partition } at offset { $offset }
event-commit-sent = { $node } commits { $offsets } ({ $mode })
event-commit-failed = { $node }: { $mode } failed: { $cause }
event-poll-interval-exceeded = { $node } did not call poll() for max.poll.interval.ms and leaves its group
event-poll-failed = { $node }: poll() threw { $exception }; it closes the consumer

## Events in a word or two
short-command = you
short-command-refused = refused
short-node-started = started
short-node-killed = killed
short-power-lost = power lost
short-node-paused = paused
short-node-resumed = goes on
short-link-slowed = slow link
short-node-slowed = slow network
short-disk-slowed = slow disk
short-link-slow-no-more = link normal
short-node-slow-no-more = network normal
short-disk-slow-no-more = disk normal
short-disk-filled = disk full
short-disk-freed = disk free
short-log-dir-failed = log dir offline
short-node-stopped = stopped
short-link-cut = link cut
short-link-healed = link healed
short-config-changed = config
short-config-reset = config
short-broker-registered = registered
short-controller-elected = active controller
short-controller-resigned = resigned
short-broker-fenced = fenced
short-broker-unfenced = unfenced
short-controlled-shutdown = controlled shutdown
short-topic-created = topic created
short-no-leader = no leader
short-leader-elected-uncleanly = unclean election
short-leader-elected = election
short-isr-shrunk = ISR shrunk
short-isr-expanded = ISR grew
short-elr-changed = ELR
short-elr-changed-leaderless = ELR
short-became-leader = new leader
short-became-follower = new follower
short-append-refused = append refused
short-duplicate-discarded = duplicate
short-log-truncated = truncation
short-log-start-raised = retention
short-log-cleaned = compaction
short-unflushed-lost = unflushed lost
short-batch-retried = retry
short-batch-failed = send failed
short-record-failed = send failed
short-disconnected = disconnected
short-request-timed-out = request timed out
short-rebalance-started = rebalance
short-group-stable = group stable
short-group-empty = group empty
short-member-removed = member out
short-partitions-assigned = assigned
short-partitions-revoked = revoked
short-partitions-lost = partitions lost
short-position-reset = offset reset
short-position-truncated = truncated log
short-read-replica-follower = reads a follower
short-read-replica-leader = reads the leader
short-position-out-of-range = out of range
short-commit-failed = commit failed
short-poll-interval-exceeded = poll interval
short-poll-failed = poll failed

## Causes that events name
why-session-timeout = session timeout
why-no-replica-in-sync = no replica in sync
why-unclean-election = unclean election
why-power-loss = power loss
why-replica-lag = replica.lag.time.max.ms ran out
why-fenced = its broker is fenced
why-controlled-shutdown = controlled shutdown
why-idempotence = idempotence
why-leader-epoch = leader epoch
why-leaders-log-start = the leader's log begins there
why-request-timeout = request.timeout.ms
why-left = it left
why-poll-interval-exceeded = max.poll.interval.ms ran out
why-rebalance-timeout = it did not rejoin in time
why-auto-offset-reset = auto.offset.reset
why-new-member = a new member joins
why-static-member-back = a static member is back
why-member-rejoins = a member joins again
why-leader-rejoins = the group's leader joins again
why-subscription-changed = a member's subscription changed
why-member-left = a member left
why-no-sync-group = members sent no SyncGroup
why-assignment-not-stored = the assignment could not be stored
why-topics-changed = the subscribed topics changed
why-not-revoked = a member did not give partitions up in time

## Commands
command-kill-broker = kill broker { $id }
command-stop-broker = stop broker { $id }
command-kill-controller = kill controller { $id }
command-start-controller = start controller { $id }
command-start-broker = start broker { $id }
command-add-broker = add a broker
command-create-topic = create topic { $topic }: partitions { $partitions }, replication factor { $factor }
command-config = { $scope }: { $key }={ $value }
command-config-reset = { $scope }: { $key } back to its default
command-elect-preferred-leaders = elect preferred leaders
command-delete-records = delete the records of { $partition } before offset { $before }
command-delete-all-records = delete all committed records of { $partition }
command-add-producer = add producer { $client }
command-add-consumer = add consumer { $client }
command-close = close { $client }
command-crash = crash { $client }
command-start = start { $client }
command-remove = remove { $client }
command-pace-manual = { $client }: send on command only
command-pace-every = { $client }: send every { $us }
command-pace-poisson = { $client }: send every { $us } on average
command-send-record = { $client }: send a record
command-processing = { $client }: { $us } a record
command-commit = { $client }: commit { $commit }
command-cut-link = cut the network between { $from } and { $to }
command-cut-link-one-way = cut the network from { $from } to { $to }
command-heal-link = heal the network between { $from } and { $to }
command-slow-node = add { $us } to every packet of { $node }
command-slow-node-no-more = slow { $node } down no more
command-power-off-broker = power off broker { $id }
command-slow-link = add { $us } to every packet between { $from } and { $to }
command-slow-link-one-way = add { $us } to every packet from { $from } to { $to }
command-pause = pause { $node } for { $us }
command-slow-disk = add { $us } to every write of broker { $id }
command-slow-disk-no-more = slow the disk of broker { $id } down no more
command-slow-link-no-more = slow the network between { $from } and { $to } down no more
command-resume = let { $node } go on
command-fill-disk = fill the disk of broker { $id }
command-free-disk = make room on the disk of broker { $id }
