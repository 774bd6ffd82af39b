// What an administrator does, by clicks: and what Kafka will not do is said beside the control.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";
import { assertAccessible, leader, snapshot, until } from "./support.mjs";

const english = { viewport: { width: 1440, height: 900 }, locale: "en-GB" };

/** The page with time in a hurry, and what these tests look at. */
async function administrator(t, options = {}) {
  const { page } = await open(t, { ...english, ...options });
  await page.evaluate(() => window.highwater.setSpeed(5));
  const side = page.locator("#pane-side");
  return {
    page,
    side,
    button: (name) => side.getByRole("button", { name, exact: true }),
    field: (name) => side.getByLabel(name, { exact: true }),
    says: (words) => side.locator(".ask [role='alert']").getByText(words).waitFor(),
    topic: async (name) => (await snapshot(page)).topics.find((topic) => topic.name === name),
    partition: async (index = 0) =>
      (await snapshot(page)).topics.find(({ name }) => name === "orders").partitions[index],
    // Beside its strip: a click on a cell would open the record there.
    select: (index = 0) => page.locator(".strip-name", { hasText: `orders-${index}` }).first().click(),
    on: (id) => page.locator(`.card-broker[data-node='${id}']`),
  };
}

test("topics are created, grow and go", async (t) => {
  const { page, side, button, field, says, topic, select } = await administrator(t);
  await select();
  await button("All topics, and new ones").click();
  await side.getByRole("heading", { name: "controller" }).waitFor();
  await field("Name").fill("orders");
  await button("Create the topic").click();
  await says("TOPIC_ALREADY_EXISTS");
  await assertAccessible(page, "a topic that is there already");
  await field("Name").fill("mail");
  await field("Partitions").fill("two");
  await button("Create the topic").click();
  await says("Whole numbers only.");
  await field("Partitions").fill("2");
  await field("Replication factor").fill("9");
  await button("Create the topic").click();
  await says("INVALID_REPLICATION_FACTOR");
  await field("Replication factor").fill("2");
  await field("Replication factor").press("Enter");
  await until("the topic", async () => (await topic("mail"))?.partitions.length === 2);
  assert.equal(await side.locator(".ask [role='alert']").count(), 0, "the complaint is gone");
  assert.equal((await topic("mail")).partitions[0].replicas.length, 2);
  await page.locator(".strip-name", { hasText: "mail-1" }).first().waitFor();

  await button("mail-0").click();
  await field("Partitions").fill("1");
  await button("Add").click();
  await says("INVALID_PARTITIONS");
  await field("Partitions").fill("4");
  await button("Add").click();
  await until("more partitions", async () => (await topic("mail")).partitions.length === 4);
  await button("Delete the topic with all its records").click();
  await until("the topic to go", async () => !(await topic("mail")));
  await side.getByText("What was selected is no longer there").waitFor();
});

test("a partition moves, and the stage shows who comes and who goes", async (t) => {
  const { page, side, button, field, says, partition, select, on } = await administrator(t);
  await page.getByRole("button", { name: "Add a broker", exact: true }).click();
  await until("broker 4", async () => (await snapshot(page)).brokers.some((it) => it.id === 4 && !it.fenced));
  const { leader: first, replicas } = await partition();
  const [kept, gone] = replicas.filter((id) => id !== first);
  const target = [first, kept, 4].join(", ");

  // Broker 4 cannot copy what it cannot reach: the move does not end.
  await page.getByRole("button", { name: "broker 4", exact: true }).click();
  await field(`broker ${first}`).selectOption("cut");
  await select();
  await field("Replicas").fill("1, nine");
  await button("Move").click();
  await says("Numbers of brokers, such as 1, 2, 3.");
  await field("Replicas").fill("1, 9");
  await button("Move").click();
  await says("INVALID_REPLICA_ASSIGNMENT");
  await assertAccessible(page, "a move that is refused");
  await field("Replicas").fill(target);
  await field("Replicas").press("Enter");
  await on(4).getByText("adding").waitFor();
  await on(gone).getByText("removing").waitFor();
  await side.locator(".facts").getByText("Adding").waitFor();
  await page.getByRole("button", { name: "table", exact: true }).click();
  await page.locator("#twin").getByText("follower, adding").waitFor();
  await assertAccessible(page, "a partition on the move");
  await button("Cancel the move").click();
  await on(4).getByText("adding").waitFor({ state: "detached" });
  assert.deepEqual((await partition()).replicas, replicas);

  await page.getByRole("button", { name: "broker 4", exact: true }).click();
  await field(`broker ${first}`).selectOption("whole");
  await select();
  await field("Replicas").fill(target);
  await button("Move").click();
  await until("the move to end", async () => (await partition()).replicas.join(", ") === target);
  await on(gone).getByText("orders-0").waitFor({ state: "detached" });
});

test("leaders are elected", async (t) => {
  const { page, button, says, partition, select } = await administrator(t);
  const act = (what, id) => page.getByRole("button", { name: `${what} broker ${id}`, exact: true }).click();
  const inSync = (count) => until(`${count} in the ISR`, async () => (await partition()).isr.length === count);
  await select();
  const [preferred, second, third] = (await partition()).replicas;
  await button("Elect the preferred leader").click();
  await says("ELECTION_NOT_NEEDED");

  for (const elect of ["Elect the preferred leader", "Elect all preferred leaders"]) {
    await act("Kill", preferred);
    await until("another leader", async () => ![null, preferred].includes(await leader(page, "orders")));
    await act("Start", preferred);
    await inSync(3);
    if (elect.includes("all")) await page.getByRole("button", { name: "controller", exact: true }).click();
    else await select();
    await button(elect).click();
    await until("the preferred leader", async () => (await leader(page, "orders")) === preferred);
  }

  // Nobody who has all is left: only an unclean election helps.
  await select();
  await act("Kill", third);
  await inSync(2);
  await act("Kill", second);
  await inSync(1);
  await act("Kill", preferred);
  await until("no leader", async () => (await leader(page, "orders")) === null);
  await button("Elect any live replica (unclean)").click();
  await says("ELIGIBLE_LEADERS_NOT_AVAILABLE");
  await act("Start", third);
  await until("broker up", async () => (await snapshot(page)).brokers.some((it) => it.id === third && !it.fenced));
  assert.equal(await leader(page, "orders"), null);
  await button("Elect any live replica (unclean)").click();
  await until("an unclean leader", async () => (await leader(page, "orders")) === third);
});

test("records are deleted", async (t) => {
  const { page, button, field, says, select } = await administrator(t);
  const start = async () => {
    const { brokers, topics } = await snapshot(page);
    const { id, partitions } = topics.find(({ name }) => name === "orders");
    const { replicas } = brokers.find((broker) => broker.id === partitions[0].leader);
    return replicas.find(({ tp }) => tp.topic === id && tp.partition === 0).log_start_offset;
  };
  await select();
  await field("Before offset").fill("some");
  await button("Delete records").click();
  await says("A whole number, or nothing for all that is committed.");
  await field("Before offset").fill("1000000");
  await button("Delete records").click();
  await says("OFFSET_OUT_OF_RANGE: The requested offset is not within the range");
  await field("Before offset").fill("20");
  await field("Before offset").press("Enter");
  await until("a log that begins at 20", async () => (await start()) === 20);
  await field("Before offset").fill("");
  await button("Delete records").click();
  await until("a log that begins later", async () => (await start()) > 20);
});

test("an administrator finds the same in Russian", async (t) => {
  const { page, button, field, says, select } = await administrator(t, { locale: "ru-RU" });
  await select();
  await field("Реплики").fill("1, 9");
  await button("Перенести").click();
  await says("INVALID_REPLICA_ASSIGNMENT");
  await assertAccessible(page, "a partition, in Russian");
});

test("a lesson locks what it is not about", async (t) => {
  const { page, button, says, topic } = await administrator(t, { path: "#lesson=1.1" });
  await page.locator(".lesson-option").first().click();
  await page.locator(".strip-name", { hasText: "orders-0" }).first().click();
  const remove = button("Delete the topic with all its records");
  assert.equal(await remove.getAttribute("aria-disabled"), "true");
  await remove.click({ force: true });
  await says(/lesson/i);
  assert.ok(await topic("orders"), "the topic is still there");
});
