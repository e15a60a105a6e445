namespace nanoOta.VirtualDevice.PowerFail.Stock
{
    /// <summary>What happens around a stock device while it updates, and what must have come of it in the end.</summary>
    public abstract class StockScenario(string name, string about)
    {
        /// <summary>The name, as commands take it.</summary>
        public string Name => name;

        /// <summary>One line on what happens.</summary>
        public string About => about;

        /// <summary>The version that must run in the end.</summary>
        public virtual string Expected => "1.1.0";

        /// <summary>What the last report must say of the last update.</summary>
        public virtual ResultCode ExpectedCode => ResultCode.Applied;

        /// <summary>Whether the journal can be relied on: for reports, and for not fetching twice.</summary>
        public virtual bool KeepsJournal => true;

        /// <summary>The update request at the beginning, and what is on the server.</summary>
        public virtual void Begin(StockWorld world)
        {
            world.Publish("1.1.0");
            world.Request("1.1.0");
        }

        /// <summary>What a version does when it is on trial.</summary>
        public virtual SelfTestMode SelfTest(string version)
        {
            return SelfTestMode.Pass;
        }

        /// <summary>Whether a version has an entry point.</summary>
        public virtual bool HasEntryPoint(string version)
        {
            return true;
        }

        /// <summary>Called whenever the device looks to the hub.</summary>
        public virtual void Step(StockWorld world)
        {
        }

        /// <summary>Called before each boot.</summary>
        public virtual void Booting(StockWorld world)
        {
        }

        /// <summary>Called when the device has become idle.</summary>
        /// <returns>True when something has happened to it, so that it is to be turned on again.</returns>
        public virtual bool WhenIdle(StockWorld world)
        {
            return false;
        }

        /// <summary>Called when a version goes on trial.</summary>
        public virtual void TrialBegins(StockWorld world, string version)
        {
        }
    }
}
