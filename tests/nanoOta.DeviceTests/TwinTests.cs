// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    [TestClass]
    public class TwinTests
    {
        [TestMethod]
        public void A_version_requested_is_an_offer_until_it_is_withdrawn()
        {
            MemoryTwin twin = new MemoryTwin(MemoryTwin.Request);
            twin.Run(5);
            Assert.AreEqual("1.1.0", twin.Version);
            Assert.AreEqual(MemoryUpdate.Folder, twin.Channel.Offer.Url);
            Assert.AreEqual(1, twin.Channel.Answers);

            twin.Hub.Desire(string.Empty);
            twin.Run(5);
            Assert.IsNull(twin.Channel.Offer);
        }

        [TestMethod]
        public void A_report_is_sent_until_the_twin_shows_it()
        {
            MemoryTwin twin = new MemoryTwin(string.Empty);
            twin.Hub.IsDeafToReports = true;
            twin.Report(UpdateState.Wait);
            twin.Run(60);
            Assert.IsFalse(twin.Channel.IsReported);
            Assert.IsTrue(twin.Hub.Reports > 1 && twin.Hub.Reports < 6);

            twin.Hub.IsDeafToReports = false;
            twin.Run(120);
            Assert.IsTrue(twin.Channel.IsReported);
            Assert.AreEqual("waiting", twin.Hub.Reported("state"));
            Assert.AreEqual("1.0.0", twin.Hub.Reported("current"));
        }

        [TestMethod]
        public void A_connection_that_does_not_come_about_is_tried_again_and_less_and_less_often()
        {
            MemoryTwin twin = new MemoryTwin(MemoryTwin.Request);
            twin.Hub.IsUnreachable = true;
            twin.Run(60);
            twin.Hub.IsUnreachable = false;
            twin.Hub.IsRefusing = true;
            twin.Run(600);
            Assert.AreEqual(0, twin.Channel.Answers);
            Assert.AreEqual(0, twin.Connection.Connections);
            Assert.IsTrue(twin.Hub.Connects > 4 && twin.Hub.Connects < 12);

            twin.Hub.IsRefusing = false;
            twin.Run(900);
            Assert.AreEqual("1.1.0", twin.Version);
        }

        [TestMethod]
        public void A_lost_connection_is_made_anew_and_nothing_is_missing_then()
        {
            MemoryTwin twin = new MemoryTwin(string.Empty);
            twin.Run(5);
            twin.Hub.Drop();
            twin.Hub.Desire(MemoryTwin.Request);
            twin.Run(30);
            Assert.AreEqual(2, twin.Hub.Connects);
            Assert.AreEqual("1.1.0", twin.Version);

            twin.Hub.Drop();
            twin.Report(UpdateState.Idle);
            twin.Run(60);
            Assert.AreEqual(3, twin.Hub.Connects);
            Assert.IsTrue(twin.Channel.IsReported);
            Assert.AreEqual("idle", twin.Hub.Reported("state"));
        }

        [TestMethod]
        public void A_connection_on_which_no_answer_comes_is_made_anew()
        {
            MemoryTwin twin = new MemoryTwin(string.Empty);
            twin.Hub.IsSilent = true;
            twin.Run(10);
            Assert.AreEqual(0, twin.Channel.Answers);
            twin.Hub.IsSilent = false;
            twin.Hub.Desire(MemoryTwin.Request);
            twin.Run(60);
            Assert.AreEqual("1.1.0", twin.Version);
            Assert.IsTrue(twin.Hub.Connects > 1);
        }

        [TestMethod]
        public void Garbage_in_the_twin_is_nothing_to_install()
        {
            MemoryTwin twin = new MemoryTwin("\"updateVersion\":{\"a\":[1,null]},\"updateUrl\":\"" + MemoryUpdate.Folder + "\"");
            twin.Run(5);
            Assert.AreEqual((int)ResultCode.VersionMalformed, twin.Code);

            twin.Hub.Desire("\"updateVersion\":\"1.1.0\",\"updateUrl\":5");
            twin.Run(5);
            Assert.AreEqual((int)ResultCode.UrlMalformed, twin.Code);

            // The client itself fails at this escape.
            twin.Hub.Desire(MemoryTwin.Request + ",\"theirs\":\"a\\u002Bb\"");
            twin.Run(5);
            Assert.AreEqual((int)ResultCode.TwinUnreadable, twin.Code);
            Assert.IsNull(twin.Version);
            Assert.AreEqual(1, twin.Hub.Connects);

            twin.Hub.Desire(MemoryTwin.Request + ",\"theirs\":{\"updateVersion\":[9,\"a\"],\"b\":-1.5e300}");
            twin.Run(5);
            Assert.AreEqual((int)ResultCode.None, twin.Code);
            Assert.AreEqual("1.1.0", twin.Version);
        }

        [TestMethod]
        public void An_answer_that_is_no_twin_withdraws_nothing()
        {
            MemoryTwin twin = new MemoryTwin(MemoryTwin.Request);
            twin.Run(5);
            twin.Hub.Answer = "{\"errorCode\":429001,\"message\":\"Too many requests\"}";
            twin.Hub.Desire(string.Empty);
            twin.Run(60);
            Assert.AreEqual("1.1.0", twin.Version);
            Assert.AreEqual(1, twin.Channel.Answers);

            twin.Hub.Answer = null;
            twin.Run(120);
            Assert.IsNull(twin.Channel.Offer);
            Assert.AreEqual(1, twin.Hub.Connects);
        }

        [TestMethod]
        public void Direct_methods_are_heard()
        {
            MemoryTwin twin = new MemoryTwin(string.Empty);
            twin.Run(5);
            Assert.AreEqual("{\"heard\":true}", twin.Hub.Call("update", "{" + MemoryTwin.Request + "}"));
            twin.Run(2);
            Assert.AreEqual("1.1.0", twin.Version);
            Assert.IsTrue(twin.Channel.Offer.Manual);

            Assert.AreEqual("{\"heard\":true}", twin.Hub.Call("cancel", "null"));
            twin.Run(2);
            Assert.IsNull(twin.Channel.Offer);
            Assert.IsNull(twin.Hub.Call("format", "null"));
        }

        [TestMethod]
        public void A_request_in_the_twin_leads_to_an_applied_update_which_the_twin_shows()
        {
            MemoryTwin twin = new MemoryTwin(MemoryTwin.Request);
            MemoryUpdate update = new MemoryUpdate(twin.Options, twin.Channel);
            update.Run(int.MaxValue);
            update.Rest(30);
            Assert.AreEqual((int)ResultCode.Applied, (int)update.Last);
            Assert.AreEqual(1, update.Module.Confirmed);
            Assert.IsTrue(twin.Channel.IsReported);
            Assert.AreEqual("idle", twin.Hub.Reported("state"));
            Assert.IsTrue(twin.Hub.Call("status", "null").IndexOf("\"code\":1,") > 0);
        }

        [TestMethod]
        public void Another_request_during_a_download_takes_its_place()
        {
            MemoryTwin twin = new MemoryTwin(MemoryTwin.Request);
            MemoryUpdate update = new MemoryUpdate(twin.Options, twin.Channel);
            byte[] other = new byte[5000];
            update.Source.Add(MemoryUpdate.Folder + "v1_2_0.json", MemoryUpdate.Manifest("1.2.0", other, "v1_2_0.bin"), MemoryUpdate.Folder + "v1_2_0.bin", other);
            update.Run(4096);
            Assert.AreEqual("downloading", twin.Hub.Reported("state"));

            twin.Hub.Desire("\"updateVersion\":\"1.2.0\",\"updateUrl\":\"" + MemoryUpdate.Folder + "\"");
            update.Run(int.MaxValue);
            update.Rest(30);
            Assert.AreEqual((int)ResultCode.Applied, (int)update.Last);
            Assert.AreEqual("1.2.0", update.Agent.Status.LastVersion);
            Assert.AreEqual("1.2.0", update.Module.VersionOf("memory"));
            Assert.AreEqual(1, update.Module.Confirmed);
            Assert.IsTrue(update.Source.Fetched < update.Image.Length + other.Length);
        }

        [TestMethod]
        public void A_request_withdrawn_while_the_session_is_given_up_for_a_download_is_heard_at_the_next_turn()
        {
            MemoryTwin twin = new MemoryTwin(MemoryTwin.Request);
            MemoryUpdate update = new MemoryUpdate(twin.Options, twin.Channel);
            update.Options.Session.AllowsTwo = false;
            update.Run(1);
            Assert.IsFalse(twin.Hub.IsOnline);

            twin.Hub.Desire(string.Empty);
            update.Run(int.MaxValue);
            update.Rest(30);
            Assert.AreEqual((int)ResultCode.Cancelled, (int)update.Last);
            Assert.AreEqual(0, update.Module.Confirmed);
            Assert.IsTrue(update.Source.Fetched < update.Image.Length);
            Assert.IsTrue(twin.Channel.IsReported);
        }
    }
}
