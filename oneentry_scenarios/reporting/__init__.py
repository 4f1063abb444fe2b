"""Reports scenarios, their steps and their HTTP exchanges: Allure results, HTML report, JUnit, failure texts."""
