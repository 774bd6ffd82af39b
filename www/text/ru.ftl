# Highwater, русский. Термины Kafka не переводятся.

## Единицы
unit-days = д
unit-hours = ч
unit-minutes = мин
unit-seconds = с
unit-milliseconds = мс
unit-microseconds = мкс
unit-bytes = Б
unit-per-second = /с

## Что есть что
kind-producer = producer
kind-consumer = consumer
kind-broker = broker
kind-controller = KRaft
kind-partition = partition
kind-record = запись
kind-message = сообщение сети
state-stopping = останавливается
state-stopped = остановлен
state-crashed = упал
state-fenced = fenced
state-paused = пауза, { $span }
state-no-power = нет питания
state-disk-full = диск полон
state-slow-disk = медленный диск
state-slow-network = медленная сеть

## Инспектор
inspector-empty = Щёлкните карточку, ячейку или летящее сообщение, чтобы узнать, что это.
inspector-gone = Выбранного больше нет. Выберите что-нибудь другое.
inspector-actions = Действия
inspector-topic = Topic
inspector-topics = Topics
inspector-group = Группа
inspector-generation = Generation
inspector-member-state = Состояние участника
inspector-in-flight = Запросов в полёте
inspector-buffer = Занято в buffer.memory
inspector-buffered = Получено, ждёт poll()
inspector-assignment = Partitions
inspector-none = нет
inspector-partitions-led = Leader
inspector-partitions-followed = Follower
inspector-session = Сессия у controller
inspector-session-left = осталось { $span }
action-send = Послать запись…
action-kill = Убить
action-power-off = Отключить питание
action-stop = Остановить
action-start = Запустить
action-crash = Уронить
action-close = Закрыть
action-remove = Убрать

## Поломки: одним и тем же включаются и выключаются
faults-title = Сломать что-нибудь
faults-links = Соединения
fault-pause = Пауза
fault-pause-how = как долгий GC, до { $span }
fault-network = Медленная сеть
fault-network-how = + { $span }/пакет
fault-disk = Медленный диск
fault-disk-how = + { $span }/запись
fault-full = Полный диск
fault-full-how = запись не удастся
link-whole = цело
link-slow = медленно: + { $span }
link-cut = разрыв
link-cut-to = разрыв к { $node }
link-cut-from = разрыв от { $node }
link-waiting = ждут: { $count }

## Настройки
knobs-label = Настройки
knobs-application = Приложение
knob-default = по умолчанию { $value }
knob-default-null = по умолчанию не задано
knob-required = обязательно
knob-changed = изменено
knob-reset = Вернуть значение по умолчанию
knob-more = { $count ->
    [one] Ещё { $count } настройка по умолчанию
    [few] Ещё { $count } настройки по умолчанию
   *[many] Ещё { $count } настроек по умолчанию
}
knob-show = показать
knob-hide = скрыть
knob-restarts = Изменение закрывает клиент и запускает его снова, как в жизни.
knobs-locked = Урок запирает то, о чём он не говорит, чтобы менялось что-то одно. «Открыть в песочнице» отпирает всё.
knob-locked = заперто в этом уроке
knob-live = Изменение действует сразу.
knob-idempotence-off = Выключено молча: acks не all или retries равно 0.
knob-topic = Настройки topic { $topic }
knob-brokers = Настройки всех brokers
knob-rate = записей в секунду
knob-rate-meaning = Как часто приложение вызывает send(); 0 — только по команде
knob-rate-invalid = Число записей от 0 до 100000.
knob-processing = обработка
knob-processing-meaning = Сколько приложение занято одной записью
knob-processing-invalid = Целое число миллисекунд, не меньше 0.
knob-commit = commit
knob-commit-meaning = Когда и как приложение сохраняет offset
commit-auto = сам (enable.auto.commit)
commit-before-sync = commitSync() до обработки
commit-before-async = commitAsync() до обработки
commit-after-sync = commitSync() после обработки
commit-after-async = commitAsync() после обработки
commit-never = никогда

## Послать запись
send-key = Ключ
send-value = Значение
send-partition = Partition
send-partition-auto = выберет partitioner
send-null = пусто: null
send-send = Послать
send-invalid-partition = В этом topic нет такой partition.

## Partition
partition-leader = Leader
partition-no-leader = нет: ни писать, ни читать нельзя
partition-epoch = Leader epoch
partition-isr = ISR
partition-elr = ELR
partition-replicas = Реплики
partition-replica = Broker
partition-role = Роль
partition-leo = LEO
partition-hw = HW
partition-in-isr = в ISR
partition-in-elr = в ELR
partition-out-of-isr = вне ISR
partition-role-leader = leader
partition-role-follower = follower
partition-groups = Группы
partition-committed = Committed
partition-lag = Lag

## Запись
record-title = Запись { $id }
record-key = Ключ
record-value = Значение
record-header = Header
record-timestamp = Timestamp
record-batch = Batch
record-batch-of = { records-count }, { $bytes } Б
record-producer = Producer
record-place = Место
record-place-none = ни в одном логе
record-fate = Её судьба до сих пор
record-groups = Группы
record-unknown = Об этой записи уже ничего не известно: хранится судьба самых новых.
record-no-record = Под этим offset сейчас нет записи.
record-copies = { $count ->
    [one] на { $count } реплике
    [few] на { $count } репликах
   *[many] на { $count } репликах
}
outcome-in-flight = в пути: producer ещё ничего не знает
outcome-acknowledged = подтверждена
outcome-lost = подтверждена, а потом потеряна
outcome-removed = подтверждена; позже удалена из log
outcome-failed = не удалась: producer от неё отказался
outcome-failed-but-written = для producer не удалась, но записана
step-produced = приложение вызвало send()
step-batched = легла в batch для partition { $partition }
step-sent = { $attempts ->
    [one] отправлена
    [few] отправлена (уже { $attempts } раза)
   *[many] отправлена (уже { $attempts } раз)
}
step-refused = отвергнута: { $error }
step-appended = leader записал её под offset { $offset }, epoch { $epoch }
step-appended-in-vain = записана под offset { $offset }, epoch { $epoch }; этого места больше нет
step-visible = ниже high watermark: consumers её видят
step-acknowledged = producer получил подтверждение (acks={ $acks })
step-failed = producer отказался от неё: { $reason }
step-lost = потеряна: { $cause }
step-removed = удалена из log: { $cause }
step-processed = обработана группой { $group }
group-fate-delivered = доставлена
group-fate-processed = обработана
group-fate-skipped = пропущена
group-fate-times = { $count }×

## Сообщение сети
message-request = запрос { $api }
message-response = ответ { $api }
message-from = Откуда
message-to = Куда
message-sent = Отправлено
message-arrives = Прибудет
message-flight = В пути
message-size = Размер
message-records = Записей
message-partition = Partition
message-error = Ошибка

## Внизу
bottom-label = Что произошло
tab-events = Журнал событий
tab-verdict = Итог
tab-metrics = Метрики

## Журнал событий
events-empty = Пока ничего примечательного. Убейте broker или измените настройку.
events-show-cause = Показать, что к этому привело
events-chain = Что к этому привело
events-newest = К новейшим

## Итог
verdict-empty = Записей ещё нет. Пустите время или пошлите запись.
verdict-produced = послано
verdict-acknowledged = подтверждено
verdict-in-flight = ответа ещё нет
verdict-lost = потеряно после подтверждения
verdict-removed = удалено по retention или при compaction
verdict-failed = не удалось
verdict-failed-but-written = не удалось, но всё же записано
verdict-duplicated = записано дважды
verdict-reordered = не по порядку для ключа
verdict-group = Группа { $group }
verdict-delivered = доставлено
verdict-processed = обработано
verdict-repeated = обработано дважды
verdict-skipped = пропущено
verdict-lag = lag
verdict-examples = Примеры
verdict-example = запись { $id }
cause-acks-1 = acks=1, leader погиб с ней один
cause-acks-0 = acks=0, никто ничего не обещал
cause-unclean-election = unclean election
cause-topic-deleted = topic удалён
cause-power-loss = пропала при отключении питания до flush
cause-zombie-leader = принял leader, чей срок истёк
cause-unexplained = причина неизвестна
cause-retry-without-idempotence = повтор без идемпотентности
cause-epoch-bump = producer начал новую epoch
cause-retry-behind-others = повтор после более поздних batches
cause-crash-before-commit = падение до commit
cause-rebalance = rebalance до commit
cause-session-expired = истёк session.timeout.ms
cause-poll-interval-exceeded = истёк max.poll.interval.ms
cause-offset-reset = auto.offset.reset вернул позицию назад
cause-written-twice = в логе она дважды
cause-seek = приложение вызвало seek()
cause-committed-before-processing = commit до обработки
cause-reset-to-latest = auto.offset.reset=latest начал после неё
cause-removed-before-reading = удалена из log раньше, чем группа успела её прочитать
cause-retention-ms = старше retention.ms
cause-retention-bytes = log перерос retention.bytes
cause-delete-records = DeleteRecords
cause-compaction = compaction: для её ключа есть более новая запись, или tombstone отслужил своё
cause-expired-in-flight = истёк delivery.timeout.ms, отправлялась
cause-expired-unsent = истёк delivery.timeout.ms, не отправлялась
cause-producer-gone-in-flight = producer исчез, запись отправлялась
cause-producer-gone-unsent = producer исчез, запись не отправлялась
cause-buffer-exhausted = buffer.memory занята дольше max.block.ms
cause-no-metadata = нет metadata дольше max.block.ms
cause-record-too-large = запись слишком велика

## Метрики
metrics-produced = послано
metrics-acknowledged = подтверждено
metrics-latency = задержка producer
metrics-latency-p50 = p50
metrics-latency-p99 = p99
metrics-per-batch = записей в batch
metrics-lag = lag группы { $group }

## Урок
lesson-none-title = Смотрите, крутите, ломайте
lesson-none-text = Работает небольшой кластер Kafka. Слева producers посылают записи, посередине brokers хранят и копируют их, справа consumers читают. Щёлкните что угодно, чтобы увидеть настройки и что там можно сломать; убейте broker и прочтите в итоге, что стало с каждой записью.
lesson-place = { $chapter } · { $number }
lesson-done = пройден
lesson-sandbox = Открыть в песочнице
lesson-restart = Начать заново
lesson-hint = Подсказка
lesson-next-hint = Ещё подсказка
lesson-predict = Сначала предскажите
lesson-predicted = Ваш прогноз: { $answer }
lesson-prediction-right = Ваш прогноз сбылся.
lesson-prediction-wrong = Вышло не так, как вы предсказали.
lesson-goals = Цели
lesson-goal-met = достигнута
lesson-goal-open = впереди
lesson-goal-active = в работе
lesson-goal-met-at = на { $time }
lesson-goal-failed = Пока нет: { $reason } Счёт начинается заново.
lesson-goal-progress = { $done } из { $target }
lesson-take-away = Что запомнить
lesson-chapter-1 = 1 Основы
lesson-chapter-2 = 2 Запись
lesson-chapter-3 = 3 Репликация
lesson-chapter-4 = 4 Чтение
lesson-chapter-5 = 5 Ошибки
lesson-chapter-6 = 6 Лог
lesson-chapter-7 = 7 Ровно один раз
lesson-chapter-8 = 8 Инциденты
lesson-loading = Уроки загружаются…
lesson-not-loaded = Урок не загрузился: { $reason }. Обновите страницу.
lesson-begin = Начать
lesson-go-on = Продолжить
lesson-all-done = Все уроки пройдены. Кластер ваш.
lesson-started = начат
lesson-done-of = { $done } из { $all }
lesson-steps = Другие уроки
lesson-previous = Назад
lesson-next = Дальше
lesson-map = Все уроки
lesson-sandbox-why = Кластер работает дальше, и ничто не заперто
lesson-show = Показать
lesson-goal-show = Показать, что тогда произошло
lesson-goal-failed-now = пока не вышло
lesson-goal-step = шаг { $done } из { $target }
lesson-progress = Ваш прогресс
lesson-progress-text = Он хранится только в этом браузере. Его можно сохранить в файл и вернуть из файла.
lesson-export = Сохранить
lesson-import = Загрузить
lesson-reset = Сбросить
lesson-reset-sure = Точно забыть всё?
lesson-imported = Прогресс восстановлен.
lesson-not-imported = В этом файле нет прогресса Highwater.
lesson-forgotten = Всё забыто.

## Frame
pane-lesson = Урок
pane-side = Выбранное
pane-bottom = События и итог
tabs-label = Панели
header-what = кластер Kafka, который можно разглядеть, настроить и сломать
header-language = Язык
language-missing = Тексты на этом языке сейчас не загрузить ({ $reason }). Попробуйте ещё раз, когда сервер страницы будет доступен.
theme-system = Тема: как в системе (нажмите для светлой)
theme-light = Тема: светлая (нажмите для тёмной)
theme-dark = Тема: тёмная (нажмите для системной)
notice-dismiss = Закрыть сообщение

## Transport
transport-label = Время
transport-play = Пуск (пробел)
transport-pause = Пауза (пробел)
transport-step = Шаг: до прихода следующего сообщения (.)
transport-next = к событию
transport-next-why = Быстро дойти до следующего заметного события и встать на паузу (n)
transport-clock = Виртуальное время
transport-nothing = За 10 минут виртуального времени ничего примечательного не случилось. Сломайте что-нибудь или измените настройку.
speed-label = Скорость
speed-slower = Медленнее ([)
speed-faster = Быстрее (])
speed-behind = не успевает
speed-behind-why = Модель не успевает за этой скоростью: время идёт медленнее, чем задано
speed-thousandth = скорость 1/1000
speed-hundredth = скорость 1/100
speed-thirtieth = скорость 1/30
speed-tenth = скорость 1/10
speed-third = скорость 1/3
speed-real = реальное время
speed-ten = 10 с за секунду
speed-minute = минута за секунду
speed-hour = час за секунду
speed-day = сутки за секунду
speed-week = неделя за секунду
timeline-label = Шкала времени
mark-killed = { $node }: убит
mark-stopped = { $node }: остановлен
mark-started = { $node }: запущен
mark-cut = связь { $from } – { $to } разорвана
mark-elected = { $tp }: leader { $leader }
mark-leaderless = { $tp }: нет leader
mark-isr = { $tp }: ISR { $size }
mark-rebalance = { $group }: rebalance
mark-lost = потеряно: { $records }

## Stage
stage-label = Кластер
stage-producers = Producers
stage-brokers = Brokers
stage-consumers = Consumers
stage-no-producers = Здесь нет ни одного producer. Добавьте его кнопкой +.
stage-no-consumers = Здесь нет ни одного consumer. Добавьте его кнопкой +.
add-producer = Добавить producer
add-broker = Добавить broker
add-consumer = Добавить consumer
act-kill = Убить: { $node }
act-stop = Остановить штатно: { $node }
act-start = Запустить: { $node }
act-close = Закрыть: { $node }
act-crash = Уронить: { $node }
act-remove = Удалить: { $node }
controller-name = controller
controller-none = нет активного controller: метаданные не меняются
controller-live = живы { $live } из { $all }
broker-leads = leader: { $leads } из { $replicas }
broker-empty = Реплик пока нет.
role-leader = leader
role-follower = follower
strip-before = , { $role }, log end
strip-before-outside = , { $role },
strip-after = , high watermark { $hw }
strip-outside = вне ISR
producer-summary = acks={ $acks } · linger { $linger } мс
producer-no-topic = Его topic ещё не создан.
queue-records = ждут отправки: { $records }
consumer-summary = группа { $group } · gen { $generation }
consumer-summary-out = группа { $group }
consumer-idle = нет partitions
consumer-work = в работе { $waiting } · буфер { $buffered }
member-unjoined = вступает
member-rebalancing = rebalance
ring-poll = poll
ring-poll-why = Сколько осталось до истечения max.poll.interval.ms
ring-session = session
ring-session-why = Сколько осталось до истечения session.timeout.ms без heartbeat
ring-commit = commit
ring-commit-why = Сколько осталось до автоматического commit в poll()
toolbar-label = Что показывать
layer-produce = produce
layer-replication = репликация
layer-fetch = fetch
layer-group = группа и commit
layer-control = heartbeat и metadata
toolbar-table = таблица
toolbar-internal = внутренние
twin-title = Таблица partitions и offsets
twin-partition = Partition
twin-broker = Broker
twin-role = Роль
twin-isr = ISR
twin-epoch = Leader epoch
twin-start = Log start
twin-hw = High watermark
twin-leo = Log end
twin-committed = Committed у группы
twin-in = в ISR
twin-out = вне ISR
twin-cut = { $from } → { $to }: разорвано
twin-slow = { $from } → { $to }: медленно
twin-waiting = { $from } → { $to }: ждут сообщения: { $count }

## События: имена и аргументы приходят из модели
records-count = { $records ->
    [one] { $records } запись
    [few] { $records } записи
   *[many] { $records } записей
}
event-command = команда: { $command }
event-place = { $partition }, offset { $offset }
event-command-refused = отказано: { $command }: { $reason }
event-node-started = { $node } запущен
event-node-killed = { $node } убит: всё, что он держал в памяти, пропало
event-power-lost = { $node } остался без питания: всё, что не прошло flush, пропало, и никто об этом не узнал
event-node-paused = { $node } замер на { $time }: он ничего не слышит, его таймеры ждут
event-node-resumed = { $node } продолжает и получает всё, что пришло за это время
event-link-slowed = сеть от { $from } к { $to } медленнее на { $time }
event-node-slowed = сеть у { $node } медленнее на { $time }
event-disk-slowed = диск у { $node } тратит на { $time } больше на каждую запись
event-link-slow-no-more = сеть от { $from } к { $to } больше не медленная
event-node-slow-no-more = сеть у { $node } больше не медленная
event-disk-slow-no-more = диск у { $node } больше не медленный
event-disk-filled = диск у { $node } заполнен
event-disk-freed = на диске у { $node } снова есть место
event-log-dir-failed = { $node } не смог записать: его единственный log directory недоступен, он останавливается
event-node-stopped = { $node } остановлен
event-link-cut = сеть от { $from } к { $to } разорвана
event-link-healed = сеть от { $from } к { $to } восстановлена
event-config-changed = { $scope }: { $key }={ $value }
event-config-reset = { $scope }: { $key } снова по умолчанию
event-broker-registered = { $broker } зарегистрирован, broker epoch { $epoch }
event-controller-elected = { $node } — активный controller, эпоха { $epoch }
event-controller-resigned = { $node } больше не активный controller; был им в эпохе { $epoch }
event-broker-fenced = { $broker } отстранён (fenced): нет heartbeat дольше broker.session.timeout.ms
event-broker-unfenced = { $broker } снова допущен: может быть leader и follower
event-controlled-shutdown = { $broker } завершает работу: его partitions получают других leaders
event-topic-created = создан topic { $topic }, partitions: { $partitions }
event-topic-deleted = удалён topic { $topic } со всеми его записями
event-partitions-added = в topic { $topic } добавлены partitions ({ $partitions }): часть ключей переезжает
event-reassignment-started = { $partition } переезжает: копируют { $adding }, потом отдают { $removing }
event-reassignment-ended = { $partition } теперь лежит на { $replicas }
event-no-leader = у { $partition } нет leader: не работает никто, у кого есть все committed записи
event-leader-elected-uncleanly = { $partition }: leader теперь { $leader }, epoch { $epoch }, взят вне ISR: committed записи могли пропасть; ISR { $isr }
event-leader-elected = { $partition }: leader теперь { $leader }, epoch { $epoch }; ISR { $isr }
event-isr-shrunk = { $partition }: { $removed } выпал из ISR ({ $cause }); ISR { $isr }
event-isr-expanded = { $partition }: { $added } снова в ISR; ISR { $isr }
event-elr-changed = { $partition }: кроме ISR стать leader могут (ELR): { $elr }
event-elr-changed-leaderless = { $partition }: стать leader могут (ELR): { $elr }; последним leader был { $leader }
event-became-leader = { $node } ведёт { $partition }, epoch { $epoch }, начиная с offset { $offset }
event-became-follower = { $node } следует за { $leader } в { $partition }, epoch { $epoch }
event-batch-appended = { $node } добавил { records-count } в { $partition }, offset { $offset }, epoch { $epoch }
event-batch-replicated = { $node } скопировал offsets { $from }–{ $to } из { $partition }
event-append-refused = { $node } отверг { records-count } для { $partition }: { $cause }
event-duplicate-discarded = { $node }: { records-count } в { $partition } уже есть под offset { $offset }: это повтор, на него отвечено без записи в лог
event-high-watermark-advanced = { $node }: high watermark у { $partition } поднялся с { $from } до { $to }
event-log-truncated = { $node } обрезал свой лог { $partition } с { $from } до { $to }
event-log-start-raised = { $node }: log { $partition } начинается теперь с { $to }, а не с { $from }: { $cause }
event-log-cleaned = { $node }: compaction log { $partition } до offset { $to }: было { $before } байт, стало { $after }, удалено записей: { $count }
event-replica-deleted = { $node } больше не replica для { $partition } и удаляет свой лог
event-unflushed-lost = { $node } потерял вместе с питанием конец своего log { $partition }: был до { $from }, на диске до { $to }
event-record-produced = { $node } посылает запись { $record } в { $topic }
event-record-batched = { $node }: запись { $record } легла в batch для { $partition }
event-batch-sent = { $node } отправил { records-count } для { $partition } на { $to }, попытка { $attempt }
event-batch-acknowledged-blindly = { $node }: { records-count } для { $partition } — подтверждение при acks={ $acks }, offset неизвестен
event-batch-acknowledged = { $node }: { records-count } для { $partition } — подтверждение при acks={ $acks }, offset { $offset }
event-batch-retried = { $node } повторит { records-count } для { $partition } через { $backoff } мс, попыток уже { $attempts }: { $cause }
event-batch-failed = { $node } отказался от отправки, { records-count } для { $partition }: { $cause }
event-record-failed = { $node } отказался от записи { $record }: { $cause }
event-disconnected = { $node }: соединение с { $peer } оборвалось
event-request-timed-out = { $node }: нет ответа от { $peer } дольше request.timeout.ms; соединение закрыто
event-rebalance-started = группа { $group }: rebalance после generation { $generation }: { $cause }
event-group-stable = группа { $group } стабильна, generation { $generation }; { $assignment }
event-group-empty = группа { $group } пуста, generation { $generation }
event-member-removed = { $member } больше не в группе { $group }: { $cause }
event-offsets-committed = группа { $group }: { $member } сделал commit { $offsets }
event-offsets-expired = группа { $group }: её committed offset для { $partitions } устарели и удалены
event-group-deleted = у группы { $group } нет ни участников, ни offset: она удалена
event-transaction-initialized = { $id } получил от { $node } producer id { $producer } и epoch { $epoch }: обладатели прежних epoch отсечены
event-transaction-ongoing = транзакция { $id } открыта, в ней { $partitions } (epoch { $epoch })
event-transaction-commits = решение { $node }: транзакция { $id } фиксируется (PrepareCommit); маркеры идут в { $partitions }
event-transaction-aborts = решение { $node }: транзакция { $id } отменяется (PrepareAbort), причина — { $cause }; маркеры идут в { $partitions }
event-transaction-complete = во всех партициях транзакции { $id } стоит маркер ({ $state })
event-partitions-assigned = { $node } получил { $partitions }, generation { $generation } группы { $group }
event-partitions-revoked = { $node } вернул { $partitions } группы { $group }
event-partitions-lost = { $node } потерял { $partitions } группы { $group }: он уже не был участником
event-position-committed = { $node } читает { $partition } с offset { $offset }: он сохранён (committed)
event-position-reset = { $node } читает { $partition } с offset { $offset }: auto.offset.reset={ $policy }
event-position-truncated = { $node } возвращается к offset { $offset } в { $partition }: журнал там обрезан
event-position-sought = { $node } переходит к offset { $offset } в { $partition } (seek)
event-read-replica-follower = { $node } читает { $partition } с follower { $replica }: он в той же стойке
event-read-replica-leader = { $node } снова читает { $partition } с leader
event-position-out-of-range = { $node }: в { $partition } больше нет offset { $offset }
event-records-delivered = { $node }: poll() вернул записи, { $count } из { $partition } с offset { $offset }
event-record-processed = { $node } обработал запись { $record } из { $partition }, offset { $offset }
event-commit-sent = { $node } отправляет commit { $offsets } ({ $mode })
event-commit-failed = { $node }: { $mode } не удался: { $cause }
event-poll-interval-exceeded = { $node } не вызывал poll() дольше max.poll.interval.ms и выходит из группы
event-poll-failed = { $node }: poll() бросил { $exception }; consumer закрывается

## События одним-двумя словами
short-command = вы
short-command-refused = отказ
short-node-started = запуск
short-node-killed = убит
short-power-lost = нет питания
short-node-paused = пауза
short-node-resumed = продолжает
short-link-slowed = медленный канал
short-node-slowed = медленная сеть
short-disk-slowed = медленный диск
short-link-slow-no-more = обычный канал
short-node-slow-no-more = обычная сеть
short-disk-slow-no-more = обычный диск
short-disk-filled = диск заполнен
short-disk-freed = диск свободен
short-log-dir-failed = log dir недоступен
short-node-stopped = остановка
short-link-cut = разрыв сети
short-link-healed = сеть цела
short-config-changed = настройка
short-config-reset = настройка
short-broker-registered = регистрация
short-controller-elected = новый controller
short-controller-resigned = ушёл с поста
short-broker-fenced = fenced
short-broker-unfenced = unfenced
short-controlled-shutdown = controlled shutdown
short-topic-created = новый topic
short-topic-deleted = topic удалён
short-partitions-added = больше partitions
short-reassignment-started = partition переезжает
short-reassignment-ended = partition переехала
short-no-leader = нет leader
short-leader-elected-uncleanly = unclean election
short-leader-elected = выборы
short-isr-shrunk = ISR сжался
short-isr-expanded = ISR вырос
short-elr-changed = ELR
short-elr-changed-leaderless = ELR
short-became-leader = новый leader
short-became-follower = новый follower
short-append-refused = отказ в записи
short-duplicate-discarded = дубликат
short-log-truncated = обрезка лога
short-log-start-raised = retention
short-log-cleaned = compaction
short-replica-deleted = replica удалена
short-unflushed-lost = пропало без flush
short-batch-retried = повтор
short-batch-failed = не отправлено
short-record-failed = не отправлено
short-disconnected = обрыв
short-request-timed-out = нет ответа
short-rebalance-started = rebalance
short-group-stable = группа стабильна
short-group-empty = группа пуста
short-member-removed = участник выбыл
short-offsets-expired = offset устарели
short-group-deleted = группа удалена
short-transaction-initialized = transactional id
short-transaction-aborts = транзакция отменена
short-partitions-assigned = assignment
short-partitions-revoked = отданы partitions
short-partitions-lost = потеряны partitions
short-position-reset = сброс offset
short-position-truncated = журнал обрезан
short-position-sought = seek
short-read-replica-follower = чтение с follower
short-read-replica-leader = чтение с leader
short-position-out-of-range = нет offset
short-commit-failed = commit не удался
short-poll-interval-exceeded = poll interval
short-poll-failed = poll не удался

## Причины, которые называют события
why-session-timeout = истекла сессия
why-no-replica-in-sync = нет реплики в ISR
why-unclean-election = unclean election
why-reassignment = перенесена на другие replicas
why-power-loss = отключение питания
why-replica-lag = истёк replica.lag.time.max.ms
why-fenced = его broker отстранён
why-controlled-shutdown = controlled shutdown
why-idempotence = идемпотентность
why-leader-epoch = leader epoch
why-leaders-log-start = с этого места начинается log лидера
why-request-timeout = request.timeout.ms
why-left = ушёл сам
why-poll-interval-exceeded = истёк max.poll.interval.ms
why-rebalance-timeout = не вернулся в группу вовремя
why-auto-offset-reset = auto.offset.reset
why-offsets-retention = истёк offsets.retention.minutes
why-new-member = вступает новый участник
why-static-member-back = static member вернулся
why-member-rejoins = участник вступает снова
why-leader-rejoins = leader группы вступает снова
why-subscription-changed = у участника другая подписка
why-member-left = участник ушёл
why-no-sync-group = участники не прислали SyncGroup
why-assignment-not-stored = assignment не удалось сохранить
why-topics-changed = изменились топики, на которые подписана группа
why-not-revoked = участник не отдал партиции вовремя

## Команды
command-kill-broker = убить broker { $id }
command-stop-broker = остановить broker { $id }
command-kill-controller = убить controller { $id }
command-start-controller = запустить controller { $id }
command-start-broker = запустить broker { $id }
command-add-broker = добавить broker
command-create-topic = создать topic { $topic }: partitions { $partitions }, replication factor { $factor }
command-config = { $scope }: { $key }={ $value }
command-config-reset = { $scope }: { $key } снова по умолчанию
command-elect-preferred-leaders = вернуть предпочтительных leaders
command-delete-records = удалить записи { $partition } до offset { $before }
command-delete-all-records = удалить все подтверждённые записи { $partition }
command-elect-preferred-leader = выбрать preferred leader для { $partition }
command-elect-leader-uncleanly = выбрать leader для { $partition } из любых живых replicas (unclean)
command-add-partitions = довести число partitions в topic { $topic } до { $partitions }
command-delete-topic = удалить topic { $topic }
command-reassign-partition = перенести { $partition } на brokers { $replicas }
command-cancel-reassignment = оставить { $partition } на прежнем месте
command-add-producer = добавить producer { $client }
command-add-consumer = добавить consumer { $client }
command-close = закрыть { $client }
command-crash = уронить { $client }
command-start = запустить { $client }
command-remove = убрать { $client }
command-pace-manual = { $client }: посылать только по команде
command-pace-every = { $client }: посылать каждые { $us }
command-pace-poisson = { $client }: посылать в среднем каждые { $us }
command-send-record = { $client }: послать запись
command-processing = { $client }: { $us } на запись
command-seek = { $client }: перейти к offset { $offset } в { $partition }
command-seek-to-beginning = { $client }: перейти к началу { $partition }
command-seek-to-end = { $client }: перейти к концу { $partition }
command-commit = { $client }: commit { $commit }
command-cut-link = разорвать сеть между { $from } и { $to }
command-cut-link-one-way = разорвать сеть от { $from } к { $to }
command-heal-link = восстановить сеть между { $from } и { $to }
command-slow-node = прибавить { $us } к каждому пакету { $node }
command-slow-node-no-more = больше не замедлять { $node }
command-power-off-broker = отключить питание broker { $id }
command-slow-link = прибавить { $us } к каждому пакету между { $from } и { $to }
command-slow-link-one-way = прибавить { $us } к каждому пакету от { $from } к { $to }
command-pause = приостановить { $node } на { $us }
command-slow-disk = прибавить { $us } к каждой записи на диск у broker { $id }
command-slow-disk-no-more = больше не замедлять диск у broker { $id }
command-slow-link-no-more = больше не замедлять сеть между { $from } и { $to }
command-resume = отпустить { $node }
command-fill-disk = заполнить диск у broker { $id }
command-free-disk = освободить место на диске у broker { $id }
