@payment
Feature: From order to payment session
  A registered customer signs in, places an order, and opens a payment session for it.
  The customer can then look up the payment session by the order. What a payment session shows depends on the payment
  method: an online one has a checkout link, and some show the order's total.

  Background:
    Given Christina has signed in

  @smoke @severity:critical
  Scenario: A customer can open a payment session for a new order
    When Christina orders 1 "Product 14"
    And Christina opens a payment session for the order
    Then the order confirmation shows the ordered products, the payment method and the correct total
    And the payment session is waiting for payment, as its payment method requires
    And Christina finds the payment session by its order
    And nothing else has changed
