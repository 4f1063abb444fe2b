@payment
Feature: Paying for an order
  A registered customer signs in and places an order. The shop opens a payment session for it,
  and whoever placed the order finds its payment session again.

  Background:
    Given Christina has signed in

  @smoke @severity:critical
  Scenario: A payment session is opened for a new order
    When Christina orders 1 "Product 14"
    And Christina opens a payment session for the order
    Then the order is confirmed as placed, at the price of its products
    And the payment session waits for payment and leads to a checkout page if its account has one
    And the order's payment session is the one that was opened
    And nothing else has changed

  Scenario: An order is confirmed in the name of whoever buys
    Given Christina has ordered 1 "Product 14"
    And a buyer of any name
    When Christina orders 2 "Product 14" for the buyer
    Then the order is confirmed as placed, at the price of its products
    And nothing else has changed
